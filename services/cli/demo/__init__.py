"""The demo districts: ordinary import files, generated households and residents, accounts."""
