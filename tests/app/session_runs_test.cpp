#include "app/serving/session_runs.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>
#include <atomic>
#include <future>

#include "server/routes/front_desk.h"
#include "server/service/service.h"
#include "tests/core/runs/small_task.h"
#include "tests/patience.h"

using namespace lab;
using server::Json;
using server::Response;

namespace {

constexpr int stepsOfAll = 60;
constexpr std::size_t mostRunsOfDesk = 6;

/// A session without a window, and a server's desk that is asked from another thread, as a server does.
class RunsDesk {
public:
    RunsDesk() { runs.open(); }
    ~RunsDesk() { runs.close(); }

    Run* open(int stepsOfIt = stepsOfAll) {
        Run* run = session.openTask(smallTask(stepsOfIt));
        run->setPace(0);
        return run;
    }
    void train(Run* run) {
        run->train();
        [run] { QTRY_COMPARE(run->state(), Run::State::finished); }();
    }

    Response asked(const std::string& method, const std::string& path, const std::string& body = {}, const std::string& key = {}) {
        server::Request request;
        request.method = method;
        const std::size_t mark = path.find('?');
        request.path = path.substr(0, mark);
        request.headers = {{"host", "127.0.0.1"}, {"content-type", "application/json"}};
        if (!key.empty()) request.headers["idempotency-key"] = key;
        request.body = body;
        auto admission = desk.admit(request);
        return admission.refusal ? *admission.refusal : desk.answer(request);
    }
    /// Meanwhile the window's thread goes on.
    Response ask(const std::string& method, const std::string& path, const std::string& body = {}, const std::string& key = {}) {
        std::future<Response> answer = std::async(std::launch::async, [&] { return asked(method, path, body, key); });
        [&answer] { QTRY_COMPARE(answer.wait_for(std::chrono::seconds(0)), std::future_status::ready); }();
        return answer.get();
    }
    Json json(const std::string& method, const std::string& path, const std::string& body = {}) {
        return Json::parse(ask(method, path, body).body);
    }
    std::vector<std::string> ids() {
        std::vector<std::string> all;
        const Json answer = json("GET", "/api/v1/runs");
        for (const Json& run : answer["runs"]) all.push_back(run["id"]);
        return all;
    }
    /// Of a small run that a client has made.
    std::string made(const char* more = "") {
        return json("POST", "/api/v1/runs", std::string(R"({"preset": "copy", "set": {"training.steps": 8}, "train": false)") + more + "}")
            .value("id", std::string());
    }

    QTemporaryDir folder;
    std::filesystem::path data = std::filesystem::path(folder.path().toStdString()) / "data";
    Workspace workspace;
    Focus focus;
    Session session{workspace, focus};
    SessionRuns runs{session, data, mostRunsOfDesk};
    server::Service service{{.folder = folder.path().toStdString()}, runs};
    server::FrontDesk desk{service, {true, {}}};
};

}  // namespace

class SessionRunsTest : public QObject {
    Q_OBJECT

private slots:
    void everyOpenRunIsServedUnderANameThatStays() {
        RunsDesk desk;
        desk.open();
        const std::vector<std::string> before = desk.ids();
        QCOMPARE(before.size(), std::size_t{1});
        desk.runs.close();
        desk.runs.open();
        QCOMPARE(desk.ids(), before);
        desk.open();  // takes the place of what was not trained
        QCOMPARE(desk.ids().size(), std::size_t{1});
        QVERIFY(desk.ids() != before);
        QCOMPARE(desk.ask("GET", "/api/v1/runs/" + before.front()).status, 404);
    }

    void aServersThreadLooksWhileTheWindowTrains() {
        RunsDesk desk;
        Run* run = desk.open(20'000);
        const std::string path = "/api/v1/runs/" + desk.ids().front();
        run->train();
        std::atomic<int> answers = 0;
        std::future<bool> ascending = std::async(std::launch::async, [&] {
            std::int64_t last = -1;
            bool rises = true;
            for (; answers < 50; ++answers) {
                const std::int64_t step = Json::parse(desk.asked("GET", path).body)["step"];
                rises = rises && step >= last;
                last = step;
            }
            return rises && last > 0;
        });
        QTRY_COMPARE(answers.load(), 50);
        QVERIFY(ascending.get());
        QCOMPARE(run->state(), Run::State::training);
        const Json paused = desk.json("POST", path + ":pause");
        QCOMPARE(paused["state"], Json("paused"));
        QCOMPARE(run->state(), Run::State::paused);
        QCOMPARE(desk.json("POST", path + ":resume")["state"], Json("training"));
        QCOMPARE(run->state(), Run::State::training);
    }

    void whatWaitsIsRefusedWhenTheServingEnds() {
        RunsDesk desk;
        const std::string id = (desk.open(), desk.ids().front());
        std::atomic<bool> asks = false;
        std::future<Response> answer = std::async(std::launch::async, [&] {
            asks = true;
            return desk.asked("GET", "/api/v1/runs/" + id);
        });
        while (!asks) std::this_thread::yield();
        desk.runs.close();  // the window's thread has done nothing for it, and does not wait
        QCOMPARE(answer.get().status, 503);
        QCOMPARE(desk.ask("GET", "/api/v1/runs").status, 503);
        QCoreApplication::processEvents();
    }

    void aRunThatIsMadeStandsBesideTheOthers() {
        RunsDesk desk;
        Run* shown = desk.open();
        QSignalSpy added(&desk.workspace, &Workspace::runAdded);
        const char* body = R"({"preset": "copy", "set": {"training.steps": 8}, "name": "Made elsewhere"})";
        const Response first = desk.ask("POST", "/api/v1/runs", body, "key");
        QCOMPARE(first.status, 201);
        QCOMPARE(desk.ask("POST", "/api/v1/runs", body, "key").status, 200);
        QCOMPARE(desk.ask("POST", "/api/v1/runs", R"({"preset": "reverse"})", "key").status, 422);
        QCOMPARE(added.count(), 1);
        Run* made = desk.workspace.runs().back();
        QCOMPARE(made->name(), QString("Made elsewhere"));
        QCOMPARE(desk.session.dataFolder(made), desk.data);
        QVERIFY(desk.focus.run() == shown);
        QTRY_VERIFY(made->step() > 0);
        QCOMPARE(desk.ids().back(), Json::parse(first.body)["id"].get<std::string>());
    }

    void noMoreRunsThanMayBe() {
        RunsDesk desk;
        desk.open();
        while (desk.workspace.runs().size() < mostRunsOfDesk) QVERIFY(!desk.made().empty());
        QCOMPARE(desk.ask("POST", "/api/v1/runs", R"({"preset": "copy"})").status, 429);
        QCOMPARE(desk.ask("POST", "/api/v1/runs/" + desk.ids().front() + ":branch", R"({"step": 0})").status, 429);
    }

    void aMomentComesBackExactlyWhateverThePersonLooksAt() {
        RunsDesk desk;
        Run* run = desk.open();
        desk.train(run);
        run->setHistoryBudget(1);  // hardly anything stays
        const LoadedTask task = smallTask(stepsOfAll);
        const auto model = std::make_shared<const Model>(task.experiment.model);
        Trainer alone(task.experiment, model, task.dataset, initialState(*model, task.experiment));
        while (alone.state().step < 31) alone.advance();
        const std::string id = desk.ids().front();
        std::future<CheckpointPtr> answer = std::async(std::launch::async, [&] { return desk.runs.weightsAt(id, 31); });
        desk.focus.showStep(37);
        QTRY_COMPARE(answer.wait_for(std::chrono::seconds(0)), std::future_status::ready);
        QVERIFY(sameBits(answer.get()->weights, alone.state().weights));
        QTRY_VERIFY(desk.focus.checkpoint() && desk.focus.checkpoint()->step == 37);
        QCOMPARE(desk.ask("GET", "/api/v1/runs/" + id + "/checkpoints/61").status, 404);
    }

    void aBranchGoesOnBesideItsParent() {
        RunsDesk desk;
        Run* parent = desk.open();
        desk.train(parent);
        const std::string path = "/api/v1/runs/" + desk.ids().front() + ":branch";
        const Response answer = desk.ask("POST", path, R"({"step": 30, "set": {"training.optimizer.learning_rate": 0.002}})");
        QVERIFY2(answer.status == 201, answer.body.c_str());
        Run* branch = desk.workspace.runs().back();
        QCOMPARE(branch->origin()->step, std::int64_t{30});
        QVERIFY(desk.focus.run() == parent);
        QVERIFY(branch->name().startsWith(parent->name()) && branch->name() != parent->name());
        QTRY_COMPARE(branch->state(), Run::State::finished);
        const Response wrong = desk.ask("POST", path, R"({"step": 30, "set": {"task.path": "nowhere.txt"}})");
        QCOMPARE(wrong.status, 422);
        QCOMPARE(desk.workspace.runs().size(), std::size_t{2});
        QCOMPARE(desk.ask("POST", path, R"({"step": 40, "name": "Longer", "train": false})").status, 201);
        QCOMPARE(desk.workspace.runs().back()->name(), QString("Longer"));
    }

    void whatAPersonMadeIsNotDeleted() {
        RunsDesk desk;
        Run* own = desk.open();
        const std::string first = desk.ids().front();
        QCOMPARE(desk.ask("DELETE", "/api/v1/runs/" + first).status, 409);
        const std::string unseen = desk.made(), seen = desk.made();
        QCOMPARE(desk.ask("DELETE", "/api/v1/runs/" + unseen).status, 204);
        QCOMPARE(desk.workspace.runs().size(), std::size_t{2});
        desk.focus.setRun(desk.workspace.runs().back());
        desk.focus.setRun(own);
        QCOMPARE(desk.ask("DELETE", "/api/v1/runs/" + seen).status, 409);
        QCOMPARE(desk.workspace.runs().size(), std::size_t{2});
    }

    void whoWatchesHearsHowTheRunGoesOn() {
        RunsDesk desk;
        Run* run = desk.open();
        const server::StreamPtr stream = desk.ask("GET", "/api/v1/runs/" + desk.ids().front() + "/events").stream;
        QVERIFY(stream);
        std::string heard;
        char room[4096];
        const auto hear = [&] {
            const auto taken = stream->take(
                room, sizeof room, [] {}, [] {});
            heard.append(room, taken.bytes);
            return taken.reading;
        };
        hear();
        QVERIFY(heard.find("\"step\":0") != heard.npos);
        run->train();
        QTRY_VERIFY(hear() != server::Stream::Reading::end && heard.find("\"finished\"") != heard.npos);
        desk.workspace.remove(run);
        while (hear() == server::Stream::Reading::some) {
        }
        QCOMPARE(hear(), server::Stream::Reading::end);
    }
};

QTEST_MAIN(SessionRunsTest)
#include "session_runs_test.moc"
