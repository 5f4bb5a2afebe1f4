#include <fstream>

#include "core/runs/session_run.h"
#include "tests/server/serving.h"

using namespace lab;
using namespace lab::server;
using lab::tests::Served;

/// A server that ends, however it ends, has promised nothing that is not on the disk.
class RestartTest : public QObject {
    Q_OBJECT

private slots:
    void aRunGoesOnWhereItWas() {
        Served served;
        const std::string id = served.run();
        served.ask("POST", "/api/v1/runs/" + id + ":resume");
        QVERIFY(served.reaches(id, "finished"));
        const std::string metrics = curveOf(served, id);
        served.start();
        QCOMPARE(served.complaints.size(), std::size_t{0});
        QCOMPARE(served.json("GET", "/api/v1/runs/" + id)["step"], Json(12));
        QCOMPARE(curveOf(served, id), metrics);
    }

    /// As after kill -9: what the folder held when the run was made, and no more.
    void stepsThatWereNotKeptAreComputedAgain() {
        Served served;
        const std::string id = served.run();
        const std::filesystem::path folder = served.path() / "runs" / id, saved = served.path() / "saved";
        std::filesystem::copy(folder, saved);
        served.ask("POST", "/api/v1/runs/" + id + ":resume");
        QVERIFY(served.reaches(id, "finished"));
        const std::string curve = curveOf(served, id);
        Served other;
        std::filesystem::copy(saved, other.path() / "runs" / id);
        std::ofstream(other.path() / "runs" / id / "wanted") << "training\n";
        other.start();
        QVERIFY(other.reaches(id, "finished"));
        QCOMPARE(curveOf(other, id), curve);
    }

    void aDamagedRunCostsNoOther() {
        Served served;
        const std::string broken = served.run(), sound = served.run();
        served.start();
        std::ofstream(served.path() / "runs" / broken / "asked.json") << "{";
        std::filesystem::remove(served.path() / "runs" / broken / "state.safetensors");
        served.start();
        QCOMPARE(served.complaints.size(), std::size_t{1});
        QVERIFY(served.complaints.front().find(broken) != std::string::npos);
        QCOMPARE(served.json("GET", "/api/v1/runs")["runs"].size(), std::size_t{1});
        QCOMPARE(served.ask("GET", "/api/v1/runs/" + sound).status, 200);
    }

    /// A file in the place of the folder stands in for a disk that takes nothing.
    void whatCannotBeKeptIsRefusedAndNothingIsLost() {
        Served served;
        const std::string id = served.run();
        const std::filesystem::path runs = served.path() / "runs", away = served.path() / "away";
        std::filesystem::rename(runs, away);
        std::ofstream(runs) << "none";
        const std::string made = R"({"preset": "copy", "set": {"training.steps": 2}, "train": false})";
        for (const auto& [path, body] :
             {std::pair{std::string("/api/v1/runs"), made}, {"/api/v1/runs/" + id + ":branch", R"({"step": 0})"}}) {
            const Response refusal = served.ask("POST", path, body);
            QCOMPARE(refusal.status, 507);
            QVERIFY2(refusal.body.find("Not a directory") != std::string::npos, refusal.body.c_str());
        }
        QCOMPARE(served.ask("DELETE", "/api/v1/runs/" + id).status, 507);
        QCOMPARE(served.json("GET", "/api/v1/runs")["runs"].size(), std::size_t{1});
        std::filesystem::remove(runs);
        std::filesystem::rename(away, runs);
        QCOMPARE(served.ask("POST", "/api/v1/runs", made).status, 201);
        QCOMPARE(served.ask("POST", "/api/v1/runs/" + id + ":resume").status, 200);
        QVERIFY(served.reaches(id, "finished"));
        QCOMPARE(served.ask("DELETE", "/api/v1/runs/" + id).status, 204);
        QVERIFY(!std::filesystem::exists(runs / id));
    }

    /// What a server was making, or deleting, when it was killed.
    void whatIsNotWholeGoesAtTheNextStart() {
        Served served;
        const std::string dead = ".attention-lab-999999999.tmp";  // no system has so many processes
        const auto unfinished = {served.path() / "runs" / ".r1" / "asked.json", served.path() / "sweeps" / ".s1" / "results.csv",
                                 served.path() / "data" / ("a.1.txt" + dead)};
        for (const std::filesystem::path& file : unfinished) {
            std::filesystem::create_directories(file.parent_path());
            std::ofstream(file) << "{";
        }
        QVERIFY(served.json("GET", "/api/v1/datasets")["datasets"].empty());
        QCOMPARE(served.ask("GET", "/api/v1/datasets/a.1.txt" + dead).status, 404);
        served.start();
        QCOMPARE(served.complaints.size(), std::size_t{0});
        for (const std::filesystem::path& file : unfinished) QVERIFY2(!std::filesystem::exists(file), file.c_str());
    }

    void watchersHearHowItStands() {
        Served served;
        const std::string id = served.run();
        const Response watching = served.ask("GET", "/api/v1/runs/" + id + "/events");
        QVERIFY(watching.stream != nullptr);
        served.ask("POST", "/api/v1/runs/" + id + ":resume");
        std::string heard;
        const auto hears = [&](const char* words) {
            char room[4096];
            while (true) {
                const Stream::Taken taken = watching.stream->take(
                    room, sizeof room, [] {}, [] {});
                if (taken.reading != Stream::Reading::some) break;
                heard.append(room, taken.bytes);
            }
            return heard.find(words) != heard.npos;
        };
        QVERIFY(QTest::qWaitFor([&] { return hears("\"state\":\"finished\""); }, patience));
        QVERIFY(heard.starts_with("retry: 1000\n\nevent: status\nid: 0\ndata: {"));
        QVERIFY(heard.find("id: 12\n") != heard.npos);
        served.ask("DELETE", "/api/v1/runs/" + id);
        char room[16];
        QVERIFY(watching.stream
                    ->take(
                        room, sizeof room, [] {}, [] {})
                    .reading == Stream::Reading::end);
    }

private:
    /// Without what the computer was about.
    static std::string curveOf(Served& served, const std::string& id) {
        std::string all;
        const Json rows = served.json("GET", "/api/v1/runs/" + id + "/metrics")["metrics"];
        for (Json row : rows) {
            row.erase("tokens_per_second");
            all += row.dump() + "\n";
        }
        return all;
    }
};

QTEST_GUILESS_MAIN(RestartTest)
#include "restart_test.moc"
