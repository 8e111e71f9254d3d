"""The right to enter: sending, resending and revoking a Portal Invite, and what its links lead to.

A link's secret is never kept. Looking at a link writes nothing but the observation that it was
fetched; pressing *Get started* is what counts. The press is answered by the accounts room, for it
may sign somebody in.
"""
