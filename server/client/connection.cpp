#include "server/client/connection.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstdio>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>

#include "core/base/errors.h"
#include "core/base/files.h"

namespace lab::server {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds firstPause{250}, longestPause{15'000}, lastMoment{3'000};
constexpr long connectSeconds = 10, silentSeconds = 120;

struct Easy {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct List {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
struct File {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

std::size_t take(const char* bytes, std::size_t one, std::size_t count, void* body) {
    static_cast<std::string*>(body)->append(bytes, one * count);
    return one * count;
}

std::size_t give(char* room, std::size_t one, std::size_t count, void* file) {
    return std::fread(room, one, count, static_cast<std::FILE*>(file));
}

/// When a try ends although it is not done.
struct Deadline {
    const std::stop_token& stop;
    Clock::time_point begun = Clock::now();

    static int isOver(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
        const auto& deadline = *static_cast<Deadline*>(self);
        return deadline.stop.stop_requested() && Clock::now() - deadline.begun > lastMoment ? 1 : 0;
    }
};

/// What may be well a moment later.
bool isBusy(int status) {
    return status == 429 || status >= 500;
}

/// False when it was stopped.
bool waitFor(Clock::duration pause, const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any waking;
    std::unique_lock lock(mutex);
    return !waking.wait_for(lock, stop, pause, [&stop] { return stop.stop_requested(); });
}

/// One request on its way.
class Transfer {
public:
    explicit Transfer(const std::string& url) {
        set(CURLOPT_URL, url.c_str());  // curl keeps texts of its own
        set(CURLOPT_PROTOCOLS_STR, "http,https");
        set(CURLOPT_WRITEFUNCTION, take);
        set(CURLOPT_WRITEDATA, &m_body);
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_ERRORBUFFER, m_problem.data());
        set(CURLOPT_CONNECTTIMEOUT, connectSeconds);
        set(CURLOPT_LOW_SPEED_LIMIT, 1L);
        set(CURLOPT_LOW_SPEED_TIME, silentSeconds);
        addHeader("Expect:");  // nobody waits to be asked for a body
    }

    template <class Value>
    void set(CURLoption option, Value value) {
        curl_easy_setopt(m_handle.get(), option, value);
    }
    void addHeader(const std::string& header) { m_headers.reset(curl_slist_append(m_headers.release(), header.c_str())); }

    void sendFile(const std::filesystem::path& path) {
        m_file.reset(std::fopen(path.c_str(), "rb"));
        if (!m_file) throw InputError(utf8Text(path), LAB_TEXT("files", "cannot be read"));
        set(CURLOPT_UPLOAD, 1L);
        set(CURLOPT_READFUNCTION, give);
        set(CURLOPT_READDATA, m_file.get());
        set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(std::filesystem::file_size(path)));
    }
    /// `json` stays until the end.
    void sendJson(const std::string& json) {
        addHeader("Content-Type: application/json");
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(json.size()));
        set(CURLOPT_POSTFIELDS, json.data());
    }

    /// What went wrong; empty: nothing.
    std::string perform(Connection::Answer& answer, const std::stop_token& stop) {
        Deadline deadline{stop};
        set(CURLOPT_NOPROGRESS, 0L);
        set(CURLOPT_XFERINFOFUNCTION, Deadline::isOver);
        set(CURLOPT_XFERINFODATA, &deadline);
        set(CURLOPT_HTTPHEADER, m_headers.get());
        if (const CURLcode code = curl_easy_perform(m_handle.get()); code != CURLE_OK)
            return m_problem.front() ? m_problem.data() : curl_easy_strerror(code);
        long status = 0;
        curl_easy_getinfo(m_handle.get(), CURLINFO_RESPONSE_CODE, &status);
        answer = {static_cast<int>(status), std::move(m_body)};
        return {};
    }

private:
    std::unique_ptr<curl_slist, List> m_headers;
    std::unique_ptr<std::FILE, File> m_file;
    std::string m_body;
    std::array<char, CURL_ERROR_SIZE> m_problem{};
    std::unique_ptr<CURL, Easy> m_handle{curl_easy_init()};  // goes before what it points to
};

}  // namespace

Connection::Connection(Options options) : m_options(std::move(options)) {
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    static_cast<void>(ready);
    std::string& url = m_options.url;
    while (url.ends_with('/')) url.pop_back();
    if (!url.starts_with("http://") && !url.starts_with("https://"))
        throw InputError(url, LAB_TEXT("server", "expected an address such as http://127.0.0.1:8127"));
}

Connection::Try Connection::tryOnce(const Asked& asked, const std::stop_token& stop) const {
    Transfer transfer(m_options.url + asked.path);
    if (!m_options.token.empty()) transfer.addHeader("Authorization: Bearer " + m_options.token);
    for (const std::string& header : asked.headers) transfer.addHeader(header);
    if (!asked.file.empty())
        transfer.sendFile(asked.file);
    else if (asked.method != "GET")
        transfer.sendJson(asked.body);
    transfer.set(CURLOPT_CUSTOMREQUEST, asked.method.c_str());
    Try result;
    result.problem = transfer.perform(result.answer, stop);
    return result;
}

Connection::Answer Connection::ask(const Asked& asked, const std::stop_token& stop) const {
    const Clock::time_point begun = Clock::now();
    for (Clock::duration pause = firstPause;; pause = std::min<Clock::duration>(2 * pause, longestPause)) {
        Try result = tryOnce(asked, stop);
        if (result.problem.empty() && !isBusy(result.answer.status)) return std::move(result.answer);
        const Clock::duration left = m_options.patience - (Clock::now() - begun);
        if (stop.stop_requested()) throw Stopped();
        if (left <= left.zero()) giveUp(result);
        if (!waitFor(std::min(pause, left), stop)) throw Stopped();
    }
}

void Connection::giveUp(const Try& last) const {
    if (last.problem.empty()) refuse(last.answer);
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(m_options.patience).count();
    throw InputError(m_options.url,
                     Message(LAB_TEXT("server", "the server has not answered for %1 seconds (%2)")).arg(seconds).arg(last.problem));
}

std::string Connection::sentenceOf(const Answer& answer) {
    const auto json = nlohmann::json::parse(answer.body, nullptr, false);
    return json.is_object() && json.contains("detail") && json["detail"].is_string() ? json["detail"].get<std::string>() : std::string();
}

void Connection::refuse(const Answer& answer) const {
    const std::string sentence = sentenceOf(answer);
    if (!sentence.empty()) throw InputError(m_options.url, Message::verbatim(sentence));
    throw InputError(m_options.url, Message(LAB_TEXT("server", "answered with status %1, as no server of ours does")).arg(answer.status));
}

std::string Connection::get(const Asked& asked, const std::stop_token& stop) const {
    Answer answer = ask(asked, stop);
    if (!answer.isDone()) refuse(answer);
    return std::move(answer.body);
}

}  // namespace lab::server
