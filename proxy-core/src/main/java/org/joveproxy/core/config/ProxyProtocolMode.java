package org.joveproxy.core.config;

/** Whether connections begin with the PROXY protocol, which tells whose they are. */
public enum ProxyProtocolMode {
    /** They do not. */
    OFF,
    /** Those of trusted peers do, and there are no others. */
    ON,
    /** Those of trusted peers may; others do not. */
    OPTIONAL
}
