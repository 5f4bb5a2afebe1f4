#pragma once

#include <exception>
#include <utility>

namespace lab {

/// One thread more, where the system has one to give (a limit, no room for its stack): else those that are there do its share.
template <class Threads, class Work>
bool addThread(Threads& threads, Work&& work) {
    try {
        threads.emplace_back(std::forward<Work>(work));
        return true;
    } catch (const std::exception&) {
        return false;
    }
}

/// How many threads, of so many, this process may have at this moment besides those that it has; 1 at least, which is the caller. The
/// runtime of OpenMP ends the program when it is refused one.
int threadsToBeHad(int wanted);

}  // namespace lab
