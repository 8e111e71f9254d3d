"""What people are told: in-app notifications, and the outbox of e-mails and texts on their way.

Takes identifiers and rendered text, and knows no other room. A delivery is written in the
transaction of the act it tells of and sent after it; rooms that must react to its outcome register
with `outcomes.on_outcome`.
"""
