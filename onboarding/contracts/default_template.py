"""The template a new contractor begins with: a sample, which says of itself that it is one.

The mark stands beside it wherever a member meets it, not in the body: customers read the body.
"""

NAME = "Service agreement (sample)"
TITLE = "Service agreement"

BODY = """\
This agreement is between {company_name} ("the contractor") and {customer_name} ("the \
customer"). It is made on {today} for the work called {job_title} at {job_site}.

## 1. The work

The contractor will do the work described in estimate version {estimate_version}, with the \
options that the customer chose. That estimate, with its lines and sums, is part of this \
agreement.

## 2. The price

The price is {total}, tax included. It changes only by a new estimate that the customer approves \
in writing, on paper or in the portal.

## 3. Payment

Payments are due as the contractor's invoices state. A card on file is charged only as the \
customer agreed when adding it.

## 4. Time

The contractor agrees a start date with the customer. Weather, hidden damage and late materials \
move the date; the contractor tells the customer as soon as that is known.

## 5. Care and cleanup

- The contractor protects the property and leaves the site clean at the end of each working day.
- The contractor carries liability insurance and, where the law asks for it, workers' \
compensation.
- Permits that the work needs are obtained by the contractor unless the estimate says otherwise.

## 6. What is found on the way

If something hidden is found that changes the work or its price, the contractor stops that part, \
tells the customer and sends a revised estimate. Nothing is added without the customer's \
approval.

## 7. Warranty

The contractor stands behind the workmanship for two years from the day the work is finished. \
Manufacturers' warranties on materials pass to the customer.

## 8. Your right to cancel

You may cancel this agreement, without cost, until midnight of the third business day after the \
day you signed it. Write to {company_name}, {company_address}, or call {company_phone}.

## 9. Whom to ask

{company_name}, license {license_number}, {company_phone}. The customer lives at \
{customer_address}.
"""
