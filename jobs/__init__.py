"""Asked by time and by the outbox: relay, sequencer, calendar, and one actor for each message."""
