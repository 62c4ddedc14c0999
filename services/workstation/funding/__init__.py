"""Money follows the work 费随事转: appropriations, a double-entry journal, payments, statements."""
