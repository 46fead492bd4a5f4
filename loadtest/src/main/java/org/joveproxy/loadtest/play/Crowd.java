package org.joveproxy.loadtest.play;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** What happens to many users at once. Confined to the play's loop. */
final class Crowd {
    private final Play play;
    private final SplittableRandom random;

    Crowd(Play play, SplittableRandom random) {
        this.play = play;
        this.random = random;
    }

    /** {@code number} new users arrive, spread evenly over {@code time}. */
    void arrive(int number, Habits habits, Duration time) {
        for (int i = 0; i < number; i++) {
            Person person = play.invite(habits);
            play.loop().after(time.multipliedBy(i).dividedBy(number), person::arrive);
        }
    }

    /** Does {@code fate} to a share of the servers that run. */
    void choose(double share, Consumer<Account> fate) {
        List<Account> ready = new ArrayList<>();
        play.people().forEach(person -> {
            if (person.account().is(Account.State.READY)) {
                ready.add(person.account());
            }
        });
        int number = (int) Math.ceil(share * play.people().size());
        for (int i = 0; i < number && !ready.isEmpty(); i++) {
            fate.accept(ready.remove(random.nextInt(ready.size())));
        }
    }

    /** The hub finds out which servers are dead, and takes away their routes. */
    void tidyUp() {
        play.hub().accounts().forEach(account -> {
            if (account.is(Account.State.CRASHED) || account.is(Account.State.STUCK)) {
                play.hub().cull(account);
            }
        });
    }

    /** Users whose server is gone log in again. */
    void startAgain() {
        for (Person person : play.people()) {
            if (person.isHere() && person.account().is(Account.State.ABSENT)) {
                play.loop().after(Duration.ofMillis(random.nextInt(2000)), person::arrive);
            }
        }
    }

    /** Adds and takes away routes of named servers, {@code atOnce} in each of some rounds. */
    void namedServers(int rounds, int atOnce) {
        if (rounds == 0) {
            return;
        }
        int[] left = {atOnce};
        for (int i = 0; i < atOnce; i++) {
            String path = "/user/named/" + i;
            String body = RoutesClient.server("named", "s" + i, play.hubUrl());
            play.routes()
                    .add(
                            path,
                            body,
                            added -> play.routes().delete(path, deleted -> {
                                if (--left[0] == 0) {
                                    namedServers(rounds - 1, atOnce);
                                }
                            }));
        }
    }

    /** Everybody leaves within {@code time}, half of them without a word; their servers are culled right after. */
    void leave(Duration time) {
        int number = play.people().size();
        for (int i = 0; i < number; i++) {
            Person person = play.people().get(i);
            boolean abruptly = i % 2 == 0;
            play.loop().after(time.multipliedBy(i).dividedBy(number), () -> {
                person.leave(abruptly);
                play.hub().retire(person.account());
            });
        }
    }
}
