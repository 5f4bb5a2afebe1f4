#include "server/client/sweep_worker.h"

#include "core/base/errors.h"
#include "core/sweep/saved_run_files.h"
#include "server/http/listener.h"
#include "tests/server/serving.h"
#include "tests/server/small_grid.h"

using namespace lab;
using namespace lab::server;
using lab::tests::Served;
using lab::tests::smallGrid;
using lab::tests::withoutSeconds;

namespace {

/// A front that is busy for some time.
class BusyFront : public Front {
public:
    Admission admit(Request&) noexcept override {
        Admission admission;
        if (++asked < 4) admission.refusal = busy();
        return admission;
    }
    Response answer(const Request&) noexcept override { return of(200); }
    Response busy() noexcept override { return of(503); }

    std::atomic<int> asked = 0;

private:
    static Response of(int status) {
        Response response;
        response.status = status;
        response.body = "done";
        return response;
    }
};

}  // namespace

/// Workers of a server's sweep, over sockets.
class SweepWorkerTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_served.emplace();
        m_listener.emplace(ListenerOptions{.spool = m_served->service().spool(), .workers = 2}, m_served->desk());
        m_connection.emplace(Connection::Options{urlOf(m_listener->port()), tests::servedToken});
        m_client.emplace(*m_connection);
    }
    void cleanup() {
        m_client.reset();
        m_connection.reset();
        m_listener.reset();
        m_served.reset();
    }

    void twoWorkersDoWhatOneSweepDoes() {
        const Sweep sweep = parseSweep(smallGrid, {});
        SweepResults whole(sweep, at("whole.csv"));
        runSweep(whole, runsOfShard(sweep, 1, 1), 2, 2, {}, {});
        const std::string id = m_client->make(sweep, {});
        QCOMPARE(m_client->make(sweep, {}), id);
        std::atomic<int> begun = 0, done = 0;
        WorkerObserver observer;
        observer.begun = [&](int) { ++begun; };
        {
            std::vector<std::jthread> workers;
            for (const char* name : {"one", "two"})
                workers.emplace_back([&, name] {
                    SweepResults results(sweep, at(std::string(name) + ".csv"));
                    done += SweepWorker(*m_client, id, name, results).work(1, 1, {}, observer) ? 1 : 0;
                });
        }
        QCOMPARE(done, 2);
        QCOMPARE(begun, 4);  // none twice
        const std::filesystem::path there = m_served->path() / "sweeps" / id / "results.csv";
        for (const auto& csv : {there, at("one.csv"), at("two.csv")})
            QCOMPARE(withoutSeconds(readResults(csv)), withoutSeconds(readResults(whole.file())));
        for (int row = 0; row < sweep.runCount(); ++row) {
            QCOMPARE(readFile(RunsFolder(there).checkpoint(row)), readFile(whole.folder().checkpoint(row)));
            const std::string place = "/api/v1/sweeps/" + id + "/rows/" + std::to_string(row);
            QCOMPARE(m_connection->get({.path = place + "/state"}), readFile(whole.folder().checkpoint(row)));
            QCOMPARE(m_connection->get({.path = place + "/metrics"}), readFile(RunsFolder(there).metrics(row)));
        }
        QCOMPARE(m_client->unfinished({}).size(), std::size_t{0});
    }

    /// Under the server's folder, too, a run leads to its data.
    void filesOfAGridAreFetched() {
        const std::string text = "1 2\t2 1\n2 1\t1 2\n1 1\t1 1\n2 2\t2 2\n";
        QCOMPARE(m_served->service().data.add("turned", ".tsv", text).file, std::string("turned.1.tsv"));
        const Sweep asked = parseSweep(R"({"format": "attention-lab/sweep", "version": 1, "base": "reverse",
            "set": {"task.kind": "pairs", "training.steps": 2, "training.batch_size": 1, "model.d_model": 16},
            "grid": {"task.path": ["turned.1.tsv"], "training.seed": [1, 2]}})",
                                       {});
        const std::string id = m_client->make(asked, {});
        const std::filesystem::path own = at("w") / "sweeps" / id;
        std::filesystem::create_directories(own);
        SweepResults results(m_client->grid(id, at("w") / "data", {}), own / "results.csv");
        QVERIFY(SweepWorker(*m_client, id, "w", results).work(1, 1, {}, {}));
        QCOMPARE(readFile(at("w") / "data" / "turned.1.tsv"), text);
        const std::filesystem::path there = m_served->path() / "sweeps" / id / "results.csv";
        QCOMPARE(readFile(there), readFile(results.file()));
        for (const int row : {0, 1}) QCOMPARE(readSweepRun(there, row).records.size(), std::size_t{2});
    }

    void whoIsStoppedGivesItsRowsBack() {
        std::string grid = smallGrid;
        grid.replace(grid.find("\"training.steps\": 4"), 19, "\"training.steps\": 1000000");
        const Sweep sweep = parseSweep(grid, {});
        const std::string id = m_client->make(sweep, {});
        std::stop_source stop;
        WorkerObserver observer;
        observer.stepped = [&](int, const StepRecord&) { stop.request_stop(); };
        SweepResults results(sweep, at("stopped.csv"));
        QVERIFY(!SweepWorker(*m_client, id, "stopped", results).work(2, 2, stop.get_token(), observer));
        const SharedSweep::Standing standing = m_served->service().sweeps.find(id)->standing();
        QCOMPARE(standing.claimed, 0);
        QCOMPARE(standing.waiting(), 4);
    }

    void whatWasTrainedBeforeIsBroughtAndNotTrainedAgain() {
        const Sweep sweep = parseSweep(smallGrid, {});
        SweepResults results(sweep, at("before.csv"));
        runSweep(results, {1, 2}, 1, 1, {}, {});
        const std::string id = m_client->make(sweep, {});
        std::vector<int> begun;
        WorkerObserver observer;
        observer.begun = [&](int row) { begun.push_back(row); };
        QVERIFY(SweepWorker(*m_client, id, "w", results).work(1, 1, {}, observer));
        QCOMPARE(begun, (std::vector<int>{0, 3}));
        QCOMPARE(m_served->service().sweeps.find(id)->standing().finished, 4);
    }

    void aRowThatCannotBeTrainedHereWaitsForAnother() {
        std::string grid = smallGrid;  // some terabytes, and a small one
        grid.replace(grid.find("\"model.attention.form\": [\"qkv\", \"kv\"]"), 37,
                     R"("model": [{"d_model": 16384, "num_layers": 64, "d_ff": 65536}, {"d_model": 8}])");
        const Sweep sweep = parseSweep(grid, {});
        const std::string id = m_client->make(sweep, {});
        SweepResults results(sweep, at("refused.csv"));
        const std::string said = sentenceOf([&] { SweepWorker(*m_client, id, "w", results).work(1, 1, {}, {}); });
        QVERIFY2(said.starts_with("run 0 (model = "), said.c_str());
        const SharedSweep::Standing standing = m_served->service().sweeps.find(id)->standing();
        QCOMPARE(standing.finished, 2);
        QCOMPARE(standing.waiting(), 2);
    }

    void aSweepThatWasDeletedEndsItsWorkers() {
        const Sweep sweep = parseSweep(smallGrid, {});
        const std::string id = m_client->make(sweep, {});
        WorkerObserver observer;
        observer.begun = [&](int) {
            if (m_served->service().sweeps.all().size() == 1) m_served->service().sweeps.remove(id);
        };
        SweepResults results(sweep, at("deleted.csv"));
        const std::string said = sentenceOf([&] { SweepWorker(*m_client, id, "w", results).work(1, 1, {}, observer); });
        QCOMPARE(said, m_client->url() + ": there is no sweep " + id);
        QVERIFY(results.finishedCount() == 1);  // what was trained is here
    }

    void aBusyServerIsAskedAgain() {
        BusyFront front;
        const Listener busy({.spool = m_served->service().spool()}, front);
        QCOMPARE(Connection({urlOf(busy.port()), {}}).get({.path = "/"}), std::string("done"));
        QCOMPARE(front.asked, 4);
    }

    void aServerThatIsGoneIsSaidSo() {
        const std::string url = urlOf(m_listener->port());
        m_listener.reset();
        const Connection connection({url, {}, std::chrono::milliseconds(300)});
        const std::string said = sentenceOf([&] { connection.get({.path = "/health"}); });
        QVERIFY2(said.starts_with(url + ": the server has not answered for 0 seconds ("), said.c_str());
        std::stop_source stop;
        stop.request_stop();
        QVERIFY_EXCEPTION_THROWN(Connection({url, {}}).get({.path = "/health"}, stop.get_token()), Stopped);
    }

    void refusalsAreSaidInTheServersWords() {
        const Connection stranger({m_client->url() + "/", {}});
        QVERIFY(sentenceOf([&] { SweepClient(stranger).unfinished({}); }).find(": Authorization: ") != std::string::npos);
        QCOMPARE(sentenceOf([&] { m_client->grid("s1", at("data"), {}); }), m_client->url() + ": there is no sweep s1");
        QVERIFY(!sentenceOf([] { Connection({"ftp://127.0.0.1", {}}); }).empty());
    }

private:
    static std::string urlOf(int port) { return "http://127.0.0.1:" + std::to_string(port); }
    static std::string sentenceOf(const std::function<void()>& act) {
        try {
            act();
        } catch (const InputError& error) {
            return error.what();
        }
        return {};
    }
    std::filesystem::path at(const std::string& name) const { return std::filesystem::path(m_folder.path().toStdString()) / name; }

    QTemporaryDir m_folder;
    std::optional<Served> m_served;
    std::optional<Listener> m_listener;
    std::optional<Connection> m_connection;
    std::optional<SweepClient> m_client;
};

QTEST_GUILESS_MAIN(SweepWorkerTest)
#include "sweep_worker_test.moc"
