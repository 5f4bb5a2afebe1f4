#pragma once

#include <chrono>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

namespace lab::server {

/// What was asked for is wanted no more.
class Stopped {};

/// A server, as who asks it sees it. Any thread.
class Connection {
public:
    struct Options {
        std::string url;    ///< "http://127.0.0.1:8127"
        std::string token;  ///< empty: none
        /// For so long it is asked again when it does not answer, or is busy.
        std::chrono::milliseconds patience{std::chrono::minutes(5)};
    };
    /// Throws InputError for what is no address.
    explicit Connection(Options options);

    struct Asked {
        std::string method = "GET";
        std::string path;                       ///< "/api/v1/sweeps"
        std::string body = {};                  ///< JSON
        std::filesystem::path file = {};        ///< instead of it
        std::vector<std::string> headers = {};  ///< "Idempotency-Key: k1"
    };
    struct Answer {
        int status = 0;
        std::string body;

        bool isDone() const { return status >= 200 && status < 300; }
    };
    /// Asks until there is an answer, for what may be asked twice. Who stops still gets the answer to one try, if it takes no more than a
    /// moment, else Stopped is thrown. Throws InputError when nobody has answered for longer than its patience.
    Answer ask(const Asked& asked, const std::stop_token& stop = {}) const;
    /// The body of an answer that is no refusal. Throws InputError with the refusal's sentence as well.
    std::string get(const Asked& asked, const std::stop_token& stop = {}) const;

    [[noreturn]] void refuse(const Answer& answer) const;
    /// What a refusal says; empty when it says nothing.
    static std::string sentenceOf(const Answer& answer);
    const std::string& url() const { return m_options.url; }

private:
    struct Try {
        Answer answer;
        std::string problem;  ///< why there is no answer; empty: there is
    };
    Try tryOnce(const Asked& asked, const std::stop_token& stop) const;
    [[noreturn]] void giveUp(const Try& last) const;

    Options m_options;
};

}  // namespace lab::server
