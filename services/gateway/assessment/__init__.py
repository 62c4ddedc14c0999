"""One joint assessment: one standard, one deployment, one ledger, one reward, shared results
联合检查、综合考核."""
