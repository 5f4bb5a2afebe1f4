#pragma once

#include <QTemporaryDir>

#include "core/base/files.h"
#include "server/routes/front_desk.h"
#include "server/service/service.h"

namespace lab::tests {

inline const std::string servedToken = "0123456789abcdef0123456789abcdef";

/// Paints nothing, but refuses what cannot be painted, and says what it is asked.
class FakePictures : public server::Pictures {
public:
    std::string maps(const RunMoment& moment, const Input& input, const MapsWish& wish, const server::PictureForm& form) override {
        const auto trace = traceFor(wish, moment, input);
        const std::lock_guard lock(m_mutex);
        lastWish = wish;
        lastForm = form;
        return "maps of step " + std::to_string(moment.step) + ", " + std::to_string(trace->tokens.size()) + " tokens";
    }
    std::string curves(const server::CurvesSubject& subject, const server::PictureForm& form) override {
        const std::lock_guard lock(m_mutex);
        lastForm = form;
        return "curves of " + subject.source + ", " + std::to_string(subject.rows.size()) + " rows";
    }

    MapsWish lastWish;
    server::PictureForm lastForm;

private:
    std::mutex m_mutex;
};

/// A service in a folder of its own, asked without sockets.
class Served {
public:
    explicit Served(server::LeaseTerms leases = {}, bool paints = true) : m_leases(std::move(leases)), m_paints(paints) { start(); }

    void start() {
        m_desk.reset();
        m_service.reset();
        m_service.emplace(server::ServiceOptions{
            .folder = path(), .leases = m_leases, .pictures = m_paints ? &pictures : nullptr, .complain = [this](const std::string& what) {
                qInfo("%s", what.c_str());
                complaints.push_back(what);
            }});
        m_desk.emplace(*m_service, server::Guard{true, servedToken});
    }

    server::Request request(const std::string& method, const std::string& path, const std::string& body = {}) const {
        server::Request asked;
        asked.method = method;
        const std::size_t mark = path.find('?');
        asked.path = path.substr(0, mark);
        for (std::size_t at = mark; at != path.npos;) {
            const std::size_t end = path.find('&', at + 1), equals = path.find('=', at);
            asked.query[path.substr(at + 1, equals - at - 1)] = path.substr(equals + 1, end == path.npos ? end : end - equals - 1);
            at = end;
        }
        asked.headers = {{"host", "127.0.0.1:8127"}, {"authorization", "Bearer " + servedToken}};
        asked.body = body;
        if (!body.empty()) asked.headers["content-type"] = "application/json";
        return asked;
    }

    server::Response ask(server::Request asked) {
        auto admission = m_desk->admit(asked);
        return admission.refusal ? *admission.refusal : m_desk->answer(asked);
    }
    server::Response ask(const std::string& method, const std::string& path, const std::string& body = {}) {
        return ask(request(method, path, body));
    }
    server::Json json(const std::string& method, const std::string& path, const std::string& body = {}) {
        return server::Json::parse(ask(method, path, body).body);
    }
    /// A small run, whose id it gives.
    std::string run(const std::string& more = {}) {
        const server::Json made =
            json("POST", "/api/v1/runs",
                 R"({"preset": "copy", "set": {"training.steps": 12, "training.batch_size": 4, "training.validate_every": 4}, )"
                 R"("train": false)" +
                     more + "}");
        return made.value("id", std::string());
    }
    bool reaches(const std::string& id, const char* state) {
        return QTest::qWaitFor([&] { return json("GET", "/api/v1/runs/" + id)["state"] == state; }, patience);
    }

    std::filesystem::path path() const { return m_folder.path().toStdString(); }
    server::Service& service() { return *m_service; }
    server::FrontDesk& desk() { return *m_desk; }
    std::vector<std::string> complaints;
    FakePictures pictures;

private:
    server::LeaseTerms m_leases;
    bool m_paints;
    QTemporaryDir m_folder;
    std::optional<server::Service> m_service;
    std::optional<server::FrontDesk> m_desk;
};

}  // namespace lab::tests
