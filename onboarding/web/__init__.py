"""What every page needs and no room should repeat: sessions, access, answers, forms, errors."""
