"""The spine: facts, status, steps, permissions and events of one onboarding."""
