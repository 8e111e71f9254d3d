"""The customer's sign-in and profile: three ways in, one account.

A code or a link is a Challenge: bound to the browser that asked, counted in the database, used
once. What it opens is done in the transaction that uses it.
"""
