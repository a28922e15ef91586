"""Leads: importing this declares `convertLead`."""

from services.leads.conversion import CONVERT_LEAD, convert_lead

__all__ = ["CONVERT_LEAD", "convert_lead"]
