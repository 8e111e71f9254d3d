"""What a job is and what it costs: drafts, sent versions, and the customer's answers to them.

`pricing` and `comparison` are pure. `actions` is the contractor's side (draft, save, revise, send),
`actions_answers` the customer's (open, approve, reject, give a reason, take an approval back).
"""
