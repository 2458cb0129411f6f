/* The first GoShare's operations over ZeroMQ, one REQ socket a client, closed loop.
 *   cc -O2 classic.c -o classic -lzmq -lpthread
 *   ./classic tcp://127.0.0.1:9797 put|get|nsput|tsput|tsget CLIENTS REQUESTS_OF_EACH */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zmq.h>

static const char *endpoint, *mode;
static int requests;
static void *context;
static atomic_long errors;

static int print(char *out, long client, int i) {
    if (!strcmp(mode, "put")) return sprintf(out, "push default key%ld_%d value-%06d", client, i % 10000, i);
    if (!strcmp(mode, "get")) return sprintf(out, "read default key%ld_%d", client, i % 10000);
    if (!strcmp(mode, "nsput")) return sprintf(out, "push ns a%ld:b%d:c%d value-%06d", client, i % 100, i % 10000, i);
    int t = (strcmp(mode, "tsget") ? i : i % 10000) / 100;
    if (!strcmp(mode, "tsput"))
        return sprintf(out, "push tsds 2014 7 %d %d %d %d node:n%ld_%d:load %d.%d", 1 + t / 86400, t / 3600 % 24,
                       t / 60 % 60, t % 60, client, i % 100, i % 97, i % 10);
    return sprintf(out, "read tsds node:n%ld_%d:load:2014:7:%d:%d:%d:%d", client, i % 100, 1 + t / 86400, t / 3600 % 24,
                   t / 60 % 60, t % 60);
}

static void *run(void *client) {
    char out[256], in[4096];
    void *socket = zmq_socket(context, ZMQ_REQ);
    zmq_connect(socket, endpoint);
    for (int i = 0; i < requests; i++) {
        zmq_send(socket, out, print(out, (long) client, i), 0);
        int n = zmq_recv(socket, in, sizeof in, 0);
        if (n < 0 || (n >= 5 && !strncmp(in, "Error", 5))) errors++;
    }
    zmq_close(socket);
    return 0;
}

int main(int count, char **words) {
    if (count != 5 || atoi(words[3]) < 1 || atoi(words[3]) > 64) {
        fprintf(stderr, "classic ENDPOINT put|get|nsput|tsput|tsget CLIENTS(1-64) REQUESTS\n");
        return 2;
    }
    endpoint = words[1];
    mode = words[2];
    int clients = atoi(words[3]);
    requests = atoi(words[4]);
    context = zmq_ctx_new();
    pthread_t threads[64];
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (long i = 0; i < clients; i++) pthread_create(threads + i, 0, run, (void *) i);
    for (int i = 0; i < clients; i++) pthread_join(threads[i], 0);
    clock_gettime(CLOCK_MONOTONIC, &to);
    double seconds = (double) (to.tv_sec - from.tv_sec) + (double) (to.tv_nsec - from.tv_nsec) / 1e9;
    printf("%s, %d clients: %.0f a second, %ld errors\n", mode, clients, clients * (double) requests / seconds, (long) errors);
    return errors > 0;
}
