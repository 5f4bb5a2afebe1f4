#include "tests/server/serving.h"
#include "tests/server/small_grid.h"

using namespace lab;
using namespace lab::server;
using lab::tests::Served;
using lab::tests::smallGrid;

/// Rows of a sweep are lent, handed on and taken back; what was promised is on the disk.
class SweepShelfTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_clock = {};
        m_served.emplace(LeaseTerms{std::chrono::seconds(60), [this] { return m_clock; }});
        m_sweep = "/api/v1/sweeps/" + m_served->json("POST", "/api/v1/sweeps", smallGrid).value("id", std::string());
    }
    void cleanup() { m_served.reset(); }

    void claimsAreDisjoint() {
        const Json first = claim("a", 3), second = claim("b", 3), third = claim("c", 3);
        QCOMPARE(first["rows"], Json({0, 1, 2}));
        QCOMPARE(second["rows"], Json({3}));
        QVERIFY(first["lease"] != second["lease"]);
        QCOMPARE(first["seconds"], Json(60));
        QVERIFY(third["rows"].empty() && !third.contains("lease"));
        const Json state = m_served->json("GET", m_sweep);
        QCOMPARE(state["claimed"], Json(4));
        QCOMPARE(state["waiting"], Json(0));
        QCOMPARE(state["workers"].size(), std::size_t{2});
        QCOMPARE(m_served->json("GET", "/api/v1/sweeps")["sweeps"][0], state);
    }

    void rowsOfASilentWorkerAreHandedOn() {
        const Json lost = claim("lost", 2), alive = claim("alive", 1);
        m_clock += std::chrono::seconds(59);
        QCOMPARE(say(":heartbeat", {{"lease", alive["lease"]}}).status, 200);
        m_clock += std::chrono::seconds(1);
        QCOMPARE(m_served->json("GET", m_sweep)["waiting"], Json(3));
        QCOMPARE(claim("next", 4)["rows"], Json({0, 1, 3}));
        QCOMPARE(say(":heartbeat", {{"lease", lost["lease"]}}).status, 404);
        QCOMPARE(say(":heartbeat", {{"lease", alive["lease"]}}).status, 200);
    }

    void aLateSignOfLifeIsInTimeWhereNobodyWantedTheRows() {
        const Json late = claim("late", 4);
        m_clock += std::chrono::seconds(600);
        QCOMPARE(say(":heartbeat", {{"lease", late["lease"]}}).status, 200);
        QVERIFY(claim("other", 4)["rows"].empty());
    }

    void rowsThatAreGivenBackWaitAtOnce() {
        const Json given = claim("a", 2), more = claim("a", 1);
        QCOMPARE(m_served->json("GET", m_sweep)["workers"][0]["rows"], Json({0, 1, 2}));
        QCOMPARE(say(":release", {{"lease", more["lease"]}}).status, 204);
        QCOMPARE(say(":release", {{"lease", given["lease"]}}).status, 204);
        QCOMPARE(say(":release", {{"lease", given["lease"]}}).status, 204);
        QCOMPARE(claim("b", 1)["rows"], Json({0}));
        QCOMPARE(Json::parse(say(":claim", {{"worker", "c"}, {"count", 4}, {"except", {1, 3, -5, 99}}}).body)["rows"], Json({2}));
    }

    void aLateResultIsTakenOrWasKnown() {
        claim("late", 1);
        m_clock += std::chrono::seconds(61);
        const Json next = claim("next", 1);
        QCOMPARE(next["rows"], Json({0}));
        QCOMPARE(deliver(0, 0.5).status, 201);
        QCOMPARE(say(":heartbeat", {{"lease", next["lease"]}}).status, 404);  // its row is there
        Json slower = resultOf(0, 0.5);
        slower["seconds"] = 7;
        QCOMPARE(Json::parse(say(":results", slower).body)["known"], Json(true));
        QCOMPARE(deliver(0, 0.25).status, 409);
        const Json rows = m_served->json("GET", m_sweep + "/results")["rows"];
        QCOMPARE(rows.size(), std::size_t{1});
        QCOMPARE(rows[0]["test_accuracy"], Json(0.5));
        QCOMPARE(rows[0]["seconds"], Json(1.0));
        QCOMPARE(rows[0]["values"], Json({{"model.attention.form", "qkv"}, {"training.seed", "1"}}));
    }

    /// As after kill -9: what the folder held behind the answer, and no more.
    void whatWasAnsweredIsOnTheDisk() {
        const Json mine = claim("a", 2);
        QCOMPARE(deliver(1, 0.5).status, 201);
        Served other(LeaseTerms{std::chrono::seconds(60), [this] { return m_clock; }});
        std::filesystem::remove_all(other.path() / "sweeps");
        std::filesystem::copy(m_served->path() / "sweeps", other.path() / "sweeps", std::filesystem::copy_options::recursive);
        const std::string results = m_served->ask("GET", m_sweep + "/results?format=csv").body;
        m_clock += std::chrono::hours(3);  // a lease lasts as if it had just been given
        other.start();
        QCOMPARE(other.complaints.size(), std::size_t{0});
        QCOMPARE(other.ask("GET", m_sweep + "/results?format=csv").body, results);
        const Json state = other.json("GET", m_sweep);
        QCOMPARE(state["finished"], Json(1));
        QCOMPARE(state["workers"][0]["rows"], Json({0}));
        QCOMPARE(other.ask("POST", m_sweep + ":heartbeat", Json{{"lease", mine["lease"]}}.dump()).status, 200);
        QCOMPARE(other.json("POST", m_sweep + ":claim", R"({"worker": "b", "count": 9})")["rows"], Json({2, 3}));
    }

    void itsFolderIsASweepLikeAnyOther() {
        const std::string metrics =
            "step,train_loss,train_accuracy,validation_loss,validation_accuracy,learning_rate,gradient_norm,"
            "tokens_per_second\n1,2.5,0.1,,,0.001,1,100\n";
        Json result = resultOf(2, 0.5);
        result["metrics"] = metrics;
        QCOMPARE(say(":results", result).status, 201);
        const std::filesystem::path csv = m_served->path() / "sweeps" / m_sweep.substr(m_sweep.rfind('/') + 1) / "results.csv";
        QCOMPARE(differenceOf(sweepOf(csv), parseSweep(smallGrid, {})).english(), std::string());
        QCOMPARE(readFile(csv), m_served->ask("GET", m_sweep + "/results?format=csv").body);
        QCOMPARE(readFile(RunsFolder(csv).metrics(2)), metrics);
        QCOMPARE(differenceOf(parseSweep(m_served->ask("GET", m_sweep + "/grid").body, {}), sweepOf(csv)).english(), std::string());
    }

    void whatIsNoResultIsRefused_data() {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("value");
        QTest::addColumn<int>("status");
        QTest::newRow("no row of the grid") << "row"
                                            << "4" << 404;
        QTest::newRow("no row at all") << "row"
                                       << "-1" << 422;
        QTest::newRow("a row and a bit") << "row"
                                         << "0.5" << 422;
        QTest::newRow("more than all") << "test_accuracy"
                                       << "1.5" << 422;
        QTest::newRow("too much") << "train_loss"
                                  << "1e999" << 400;
        QTest::newRow("words") << "train_loss"
                               << "\"low\"" << 422;
        QTest::newRow("steps back") << "steps"
                                    << "-2" << 422;
        QTest::newRow("no metrics") << "metrics"
                                    << "\"step,loss\"" << 422;
        QTest::newRow("unknown") << "loss"
                                 << "1" << 422;
    }
    void whatIsNoResultIsRefused() {
        QFETCH(QString, key);
        QFETCH(QString, value);
        QFETCH(int, status);
        Json body = resultOf(0, 0.5);
        body.erase(key.toStdString());
        std::string text = body.dump();
        text.insert(1, "\"" + key.toStdString() + "\": " + value.toStdString() + ", ");
        QCOMPARE(m_served->ask("POST", m_sweep + ":results", text).status, status);
        QCOMPARE(m_served->json("GET", m_sweep)["finished"], Json(0));
    }

    void onlyATrainingsStateIsOne() {
        Request asked = m_served->request("PUT", m_sweep + "/rows/0/state");
        asked.spooled = m_served->path() / "upload";
        std::ofstream(asked.spooled) << "no tensors";
        QCOMPARE(m_served->ask(asked).status, 422);
        asked.path = m_sweep + "/rows/zero/state";
        QCOMPARE(m_served->ask(asked).status, 404);
        for (const char* place : {"/rows/0/state", "/rows/0/metrics", "/rows/4/metrics", "/rows/-1/state", "/rows/../state"})
            QCOMPARE(m_served->ask("GET", m_sweep + place).status, 404);
    }

    void theSameGridAndKeyIsOneSweep() {
        Request asked = m_served->request("POST", "/api/v1/sweeps", smallGrid);
        asked.headers["idempotency-key"] = "k1";
        const Response first = m_served->ask(asked), again = m_served->ask(asked);
        QCOMPARE(first.status, 201);
        QCOMPARE(again.status, 200);
        QCOMPARE(again.body, first.body);
        m_served->start();
        QCOMPARE(m_served->ask(asked).body, first.body);
        asked.body.replace(asked.body.find("[1, 2]"), 6, "[1, 3]");
        QCOMPARE(m_served->ask(asked).status, 422);
        asked.headers["idempotency-key"] = "\xb9";
        QCOMPARE(m_served->ask(asked).status, 400);
    }

    void pathsLeadNowhere_data() {
        QTest::addColumn<QString>("base");
        QTest::addColumn<QString>("set");
        QTest::newRow("a file as base") << "/etc/passwd"
                                        << "{}";
        QTest::newRow("a file above") << "../token"
                                      << "{}";
        QTest::newRow("a text") << "stories"
                                << R"({"task.path": "/etc/passwd"})";
        QTest::newRow("nothing that was uploaded") << "stories"
                                                   << R"({"task.path": "tales.1.txt"})";
        QTest::newRow("a tokenizer") << "stories"
                                     << R"({"task.tokenizer": "pieces.1.json"})";
    }
    void pathsLeadNowhere() {
        QFETCH(QString, base);
        QFETCH(QString, set);
        const Json body{{"format", "attention-lab/sweep"},
                        {"version", 1},
                        {"base", base.toStdString()},
                        {"set", Json::parse(set.toStdString())},
                        {"grid", {{"training.seed", {1}}}}};
        QCOMPARE(m_served->ask("POST", "/api/v1/sweeps", body.dump()).status, 422);
    }

    void aDeletedSweepIsGone() {
        const Json mine = claim("a", 1);
        QCOMPARE(m_served->ask("DELETE", m_sweep).status, 204);
        QVERIFY(std::filesystem::is_empty(m_served->path() / "sweeps"));
        QCOMPARE(deliver(0, 0.5).status, 404);
        QCOMPARE(say(":heartbeat", {{"lease", mine["lease"]}}).status, 404);
        QCOMPARE(m_served->ask("DELETE", m_sweep).status, 404);
        QVERIFY(std::filesystem::is_empty(m_served->path() / "sweeps"));
    }

    void oneThatCannotBeOpenedCostsNoOther() {
        std::filesystem::create_directories(m_served->path() / "sweeps" / "s0");
        m_served->start();
        QCOMPARE(m_served->complaints.size(), std::size_t{1});
        QCOMPARE(m_served->ask("GET", m_sweep).status, 200);
    }

private:
    Response say(const std::string& what, const Json& body) { return m_served->ask("POST", m_sweep + what, body.dump()); }
    Json claim(const std::string& worker, int count) { return Json::parse(say(":claim", {{"worker", worker}, {"count", count}}).body); }
    static Json resultOf(int row, double accuracy) {
        return {{"row", row}, {"train_loss", 2.5}, {"test_accuracy", accuracy}, {"steps", 4}, {"seconds", 1}, {"parameters", 100}};
    }
    Response deliver(int row, double accuracy) { return say(":results", resultOf(row, accuracy)); }

    LeaseTerms::Clock::time_point m_clock;
    std::optional<Served> m_served;
    std::string m_sweep;
};

QTEST_GUILESS_MAIN(SweepShelfTest)
#include "sweep_shelf_test.moc"
