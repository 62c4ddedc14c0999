"""Delegated work as its communities do it 委托事项: from receipt to acceptance."""
