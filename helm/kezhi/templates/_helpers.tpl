{{/* Names, labels and the parts that every pod of ours shares. */}}

{{- define "kezhi.name" -}}
{{- if contains "kezhi" .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-kezhi" .Release.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "kezhi.labels" -}}
app.kubernetes.io/name: kezhi
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "kezhi.metadata" -}}
name: {{ include "kezhi.name" .root }}-{{ .component }}
labels:
  {{- include "kezhi.labels" . | nindent 2 }}
  app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
  app.kubernetes.io/managed-by: {{ .root.Release.Service }}
  helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{- define "kezhi.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "kezhi.serviceAccount" -}}
{{- if .Values.serviceAccount.create }}{{ .Values.serviceAccount.name | default (include "kezhi.name" .) }}{{ else }}{{ .Values.serviceAccount.name | default "default" }}{{ end }}
{{- end }}

{{- define "kezhi.secretVariable" -}}
- name: {{ .variable }}
  valueFrom:
    secretKeyRef:
      name: {{ .reference.name }}
      key: {{ .reference.key }}
{{- end }}

{{/* The running processes never see the administrator's URL. */}}
{{- define "kezhi.environment" -}}
- name: KEZHI_CATALOG_ADDRESS
  value: {{ .Values.database.catalogAddress | quote }}
- name: KEZHI_DATABASE_PREFIX
  value: {{ .Values.database.prefix | quote }}
- name: KEZHI_ALLOW_UNHARDENED
  value: {{ ternary "1" "0" .Values.database.allowUnhardened | quote }}
- name: KEZHI_BASE_DOMAIN
  value: {{ .Values.ingress.baseDomain | quote }}
- name: KEZHI_LOG_JSON
  value: "1"
{{- if .Values.files.scanner }}
- name: KEZHI_SCANNER_URL
  value: {{ .Values.files.scanner | quote }}
{{- end }}
{{- if .Values.files.url }}
- name: KEZHI_FILES_URL
  value: {{ .Values.files.url | quote }}
{{- end }}
{{ include "kezhi.secretVariable" (dict "variable" "KEZHI_MASTER_KEY" "reference" .Values.secrets.masterKey) }}
{{ include "kezhi.secretVariable" (dict "variable" "BROKER_URL" "reference" .Values.secrets.brokerUrl) }}
{{- end }}

{{- define "kezhi.pod" -}}
serviceAccountName: {{ include "kezhi.serviceAccount" . }}
automountServiceAccountToken: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  seccompProfile:
    type: RuntimeDefault
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "kezhi.container" -}}
image: {{ include "kezhi.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
volumeMounts:
  - name: scratch
    mountPath: /tmp
{{- end }}

{{- define "kezhi.volumes" -}}
volumes:
  - name: scratch
    emptyDir: {}
{{- end }}
