/*
 * What the image has instead of a shell: works out how much memory and how many processors the JVM may use in this
 * container, and becomes the JVM. Same process id, signals arrive, the exit code is the proxy's.
 *
 * Called "jove" or "configurable-http-proxy" it passes its arguments on. Called "jove-entrypoint" it does what the entry
 * point of configurable-http-proxy's image does: the REST API listens on all interfaces unless an argument says where.
 *
 * It lies in <home>/bin, beside <home>/runtime, <home>/app and <home>/native. Environment: JOVE_JAVA_OPTS holds further
 * options of the JVM, which win over those below; JAVA_TOOL_OPTIONS and JDK_JAVA_OPTIONS work as with every JVM.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <limits.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MIB = 1024 * 1024 };

/* A JVM that is left alone takes its measure from the whole machine. These serve thousands of connections. */
static const long HEAP = 256, DIRECT = 128;
/* Below this limit, in MiB, code and threads have to be content with less. */
static const long SMALL = 256;

static const char MAIN[] = "org.joveproxy.app.Main";

static void fail(const char *what) {
    fprintf(stderr, "configurable-http-proxy: ");
    perror(what);
    exit(1);
}

/* ---- words ---- */

static char **words;
static size_t count, room;

static void add(char *word) {
    if (word == NULL) fail("no memory");
    if (count == room) {
        room = room * 2 + 64;
        words = realloc(words, room * sizeof *words);
        if (words == NULL) fail("no memory");
    }
    words[count++] = word;
}

static void addf(const char *format, ...) {
    char *word = NULL;
    va_list values;
    va_start(values, format);
    if (vasprintf(&word, format, values) < 0) fail("no memory");
    va_end(values);
    add(word);
}

static void add_split(const char *text) {
    char *copy = strdup(text), *rest = copy;
    if (copy == NULL) fail("no memory");
    for (char *word; (word = strsep(&rest, " \t\r\n")) != NULL;)
        if (*word) add(word);
}

static int starts(const char *text, const char *with) { return strncmp(text, with, strlen(with)) == 0; }

/* ---- what the control group allows ---- */

/* The numbers in a file that holds one or two of them; "max" and what is beyond any machine are none: -1. */
static int numbers(const char *path, long *first, long *second) {
    char text[128], *end;
    FILE *file = fopen(path, "re");
    if (file == NULL) return 0;
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = 0;
    long *into[] = {first, second};
    char *at = text;
    for (int i = 0; i < 2; i++) {
        while (isspace((unsigned char) *at)) at++;
        long long value = strtoll(at, &end, 10);
        *into[i] = end == at || value < 0 || value > (1LL << 50) ? -1 : (long) value;
        while (*end && !isspace((unsigned char) *end)) end++;
        at = end;
    }
    return 1;
}

static long memory = -1;      /* bytes */
static double processors = -1;

static void smaller(const char *memory_file, const char *quota_file, const char *period_file) {
    long value, period, none;
    if (memory_file && numbers(memory_file, &value, &none) && value > 0 && (memory < 0 || value < memory)) memory = value;
    if (!quota_file || !numbers(quota_file, &value, &period)) return;
    if (period_file && !numbers(period_file, &period, &none)) return;
    if (value > 0 && period > 0) {
        double allowed = (double) value / (double) period;
        if (processors < 0 || allowed < processors) processors = allowed;
    }
}

/* The smallest limits of a group and of those above it. In a container its own group looks like the topmost. */
static void limits_of(const char *controllers, char *group) {
    char a[PATH_MAX], b[PATH_MAX], c[PATH_MAX], list[PATH_MAX];
    snprintf(list, sizeof list, ",%s,", controllers);
    int is_two = !*controllers, is_memory = strstr(list, ",memory,") != NULL, is_cpu = strstr(list, ",cpu,") != NULL;
    if (!is_two && !is_memory && !is_cpu) return;
    for (;;) {
        if (is_two) {
            snprintf(a, sizeof a, "/sys/fs/cgroup%s/memory.max", group);
            snprintf(b, sizeof b, "/sys/fs/cgroup%s/cpu.max", group);
            smaller(a, b, NULL);
        } else if (is_memory) {
            snprintf(a, sizeof a, "/sys/fs/cgroup/memory%s/memory.limit_in_bytes", group);
            smaller(a, NULL, NULL);
        } else {
            snprintf(b, sizeof b, "/sys/fs/cgroup/cpu%s/cpu.cfs_quota_us", group);
            snprintf(c, sizeof c, "/sys/fs/cgroup/cpu%s/cpu.cfs_period_us", group);
            smaller(NULL, b, c);
        }
        char *slash = strrchr(group, '/');
        if (slash == NULL || !*group) return;
        *slash = 0;
    }
}

static void read_limits(void) {
    char line[PATH_MAX];
    FILE *file = fopen("/proc/self/cgroup", "re");
    if (file == NULL) return;
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = 0;
        char *controllers = strchr(line, ':');
        char *group = controllers ? strchr(controllers + 1, ':') : NULL;
        if (group == NULL) continue;
        *group++ = 0;
        if (strcmp(group, "/") == 0) *group = 0;
        limits_of(controllers + 1, group);
    }
    fclose(file);
}

static long part(long mib, long percent, long least, long most) {
    long value = mib * percent / 100;
    return value < least ? least : value > most ? most : value;
}

/* ---- the JVM's options ---- */

static int names_collector(const char *variable) {
    const char *at = getenv(variable);
    while (at && (at = strstr(at, "-XX:+Use")) != NULL) {
        at += strlen("-XX:+Use");
        const char *end = at + strcspn(at, " \t\r\n");
        if (end - at >= 2 && strncmp(end - 2, "GC", 2) == 0) return 1;
    }
    return 0;
}

static void size_for_the_proxy(int has_our_collector) {
    read_limits();
    long mib = memory < 0 ? -1 : memory / MIB;
    int is_small = mib >= 0 && mib < SMALL;
    addf("-Xmx%ldm", mib < 0 ? HEAP : part(mib, 40, 40, 512));
    addf("-XX:MaxDirectMemorySize=%ldm", mib < 0 ? DIRECT : part(mib, 20, 20, 256));
    addf("-XX:ReservedCodeCacheSize=%dm", is_small ? 24 : 48);

    /* The JVM counts processors itself, with a quota, and has as many threads; there is no use for all of a big machine. */
    cpu_set_t set;
    int online = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    int most = is_small ? 4 : 8;
    if (online > most && (processors < 0 || processors > most)) addf("-XX:ActiveProcessorCount=%d", most);

    /* It does not grow with the heap: so pauses are as short with very many routes as with few. */
    if (has_our_collector) addf("-XX:MaxNewSize=16m");
    /* The heap follows what is alive, up and down: what a crowd needed goes back to the system when it has left. */
    add_split("-Xms8m -Xss512k -XX:-ShrinkHeapInSteps -XX:MinHeapFreeRatio=30 -XX:MaxHeapFreeRatio=50");
    /* So does what the compilers asked of the C library, which by itself keeps it. */
    add_split("-XX:MaxMetaspaceSize=64m -XX:TrimNativeHeapInterval=10000");
}

/* For sub-commands. They run beside the proxy, in its group. */
static void size_for_a_moment(long heap) {
    addf("-Xmx%ldm", heap);
    add_split("-Xms4m -Xss256k -XX:MaxDirectMemorySize=4m -XX:MaxMetaspaceSize=32m");
    add_split("-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=8m");
}

/* The heap of a sub-command in MiB, or 0 when the word is none. An import holds two tables of routes. */
static long heap_of(const char *word) {
    static const struct { const char *word; long heap; } known[] = {{"healthcheck", 16}, {"check", 32}, {"import", 96}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(word, known[i].word) == 0) return known[i].heap;
    return 0;
}

static int listens_somewhere(int argc, char **argv) {
    for (int i = 1; i < argc; i++)
        if (starts(argv[i], "--api-ip") || starts(argv[i], "--api-socket")) return 1;
    return 0;
}

int main(int argc, char **argv) {
    char home[PATH_MAX], *java;
    ssize_t length = readlink("/proc/self/exe", home, sizeof home - 1);
    if (length < 0) fail("/proc/self/exe");
    home[length] = 0;
    for (int i = 0; i < 2; i++) {
        char *slash = strrchr(home, '/');
        if (slash) *slash = 0;
    }
    if (asprintf(&java, "%s/runtime/bin/java", home) < 0) fail("no memory");

    const char *name = argc > 0 && strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argc > 0 ? argv[0] : "";
    int first = argc > 1 && strcmp(argv[1], "configurable-http-proxy") == 0 ? 2 : 1;
    long moment = first < argc ? heap_of(argv[first]) : 0;

    add(java);
    /* Whoever chooses a garbage collector gets that one: the JVM does not take two. */
    int has_our_collector = !names_collector("JOVE_JAVA_OPTS") && !names_collector("JAVA_TOOL_OPTIONS")
        && !names_collector("JDK_JAVA_OPTIONS");
    if (has_our_collector) addf("-XX:+UseSerialGC");
    addf("-XX:+UseCompactObjectHeaders");
    /* Where it was made for, the archive is used as it lies in the file; moved elsewhere, all of it would be copied. */
    add_split("-XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0");
    addf("-XX:AOTCache=%s/cache/jove.aot", home);
    add_split("-Xlog:aot*=off -Xlog:cds*=off -XX:-UsePerfData -XX:+ExitOnOutOfMemoryError");
    if (moment) size_for_a_moment(moment);
    else size_for_the_proxy(has_our_collector);
    /* Netty uses what later versions of Java warn about. */
    add_split("--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Djava.awt.headless=true");
    /* Netty names channels after a network card; where there is none it warns, and nobody reads these names. */
    add_split("-Dio.netty.jfr.enabled=false -Dio.lettuce.core.jfr=false -Dio.netty.leakDetection.level=disabled"
              " -Dio.netty.machineId=02:00:00:00:00:01");
    /* Native libraries lie unpacked, so that no folder for temporary files is needed. */
    addf("-Djava.library.path=%s/native", home);
    if (isatty(1)) addf("-Djove.terminal=true");
    const char *options = getenv("JOVE_JAVA_OPTS");
    if (options && !moment) add_split(options);
    addf("-cp");
    addf("%s/app/jove.jar", home);
    addf("%s", MAIN);
    for (int i = 1; i < argc; i++) add(argv[i]);
    if (strcmp(name, "jove-entrypoint") == 0 && !moment && !listens_somewhere(argc, argv)) addf("--api-ip=0.0.0.0");
    addf("%s", "");
    words[count - 1] = NULL;

    /* One arena for each thread that allocates is a lot of memory for little. */
    setenv("MALLOC_ARENA_MAX", "2", 0);
    execv(java, words);
    fail(java);
}
