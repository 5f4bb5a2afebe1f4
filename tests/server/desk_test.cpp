#include "core/config/presets.h"
#include "core/io/safetensors.h"
#include "core/training/metrics_csv.h"
#include "tests/server/serving.h"

using namespace lab;
using namespace lab::server;
using lab::tests::Served;

/// Requests from the gate to the answer, without sockets.
class DeskTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsRefusedIsRefusedBeforeItsBody() {
        Served served;
        const auto statusOf = [&served](Request asked) {
            const auto admission = served.desk().admit(asked);
            return admission.refusal ? admission.refusal->status : 0;
        };
        QCOMPARE(statusOf(served.request("GET", "/health")), 0);
        QCOMPARE(statusOf(served.request("GET", "/nothing")), 404);
        QCOMPARE(statusOf(served.request("PUT", "/api/v1/runs")), 405);
        Request bare = served.request("GET", "/api/v1/runs");
        bare.headers.erase("authorization");
        QCOMPARE(statusOf(bare), 401);
        bare.path = "/nothing";  // who may not come in does not hear what there is
        QCOMPARE(statusOf(bare), 401);
        bare.path = "/health";
        QCOMPARE(statusOf(bare), 0);
        Request typed = served.request("POST", "/api/v1/runs", "{}");
        typed.headers["content-type"] = "text/plain";
        QCOMPARE(statusOf(typed), 415);
        typed.headers["content-type"] = "application/json; charset=utf-8";
        QCOMPARE(statusOf(typed), 0);
        typed.headers["content-length"] = "99999999999";
        QCOMPARE(statusOf(typed), 413);
        typed.headers["content-length"] = "-1";
        QCOMPARE(statusOf(typed), 400);
        QCOMPARE(served.desk().admit(typed).refusal->type, std::string("application/problem+json"));
    }

    void presetsAreWhatMakesRuns() {
        Served served;
        const Json list = served.json("GET", "/api/v1/presets")["presets"];
        QCOMPARE(list.size(), presets().size());
        const Json copy = served.json("GET", "/api/v1/presets/copy");
        const Json checked = served.json("POST", "/api/v1/experiments:validate", Json{{"experiment", copy}}.dump());
        QVERIFY(checked["valid"] == true && checked["experiment"]["model"].contains("d_model"));
        QCOMPARE(served.ask("GET", "/api/v1/presets/../copy").status, 404);
        QCOMPARE(served.ask("GET", "/api/v1/presets/nothing").status, 404);
    }

    void everyProblemOfAnExperimentHasItsPlace() {
        Served served;
        const std::string body = R"({"preset": "copy", "set": {"model.num_heads": 3, "training.steps": -1}})";
        const Response response = served.ask("POST", "/api/v1/experiments:validate", body);
        QCOMPARE(response.status, 422);
        std::set<std::string> pointers;
        const Json problem = Json::parse(response.body);
        for (const Json& error : problem["errors"]) pointers.insert(error["pointer"].get<std::string>());
        QVERIFY(pointers.contains("/set/training/steps"));
        const Json unknown = served.json("POST", "/api/v1/runs", R"({"preset": "copy", "set": {"model.heads": 3}})");
        QCOMPARE(unknown["errors"][0]["pointer"], Json("/set/model.heads"));
        QVERIFY(unknown["detail"].get<std::string>().find("num_heads") != std::string::npos);
    }

    /// The preset's own pace is for eyes at a window.
    void aServedRunGoesAtFullSpeed() {
        Served served;
        const std::string body = R"({"preset": "reverse", "set": {"training.pace": 5}, "train": false})";
        const std::string id = served.json("POST", "/api/v1/runs", body)["id"];
        QCOMPARE(served.service().runs.with(id, [](ServedRun& run) { return run.run->pace(); }), 0.0);
    }

    void pathsOfRequestsLeadNowhere_data() {
        QTest::addColumn<QString>("path");
        for (const char* path : {"/etc/passwd", "../token", "..", "nothing.txt", "a/b.txt", "./x"}) QTest::newRow(path) << QString(path);
    }
    void pathsOfRequestsLeadNowhere() {
        QFETCH(QString, path);
        Served served;
        for (const char* key : {"task.path", "task.validation_path", "task.tokenizer"}) {
            Json body{{"preset", "stories"}, {"set", {{key, path.toStdString()}}}};
            const Response response = served.ask("POST", "/api/v1/runs", body.dump());
            QCOMPARE(response.status, 422);
        }
        QCOMPARE(served.ask("GET", "/api/v1/datasets/" + path.toStdString()).status, 404);
        QCOMPARE(served.ask("DELETE", "/api/v1/datasets/" + path.toStdString()).status, 404);
    }

    void aRunTrainsToItsEnd() {
        Served served;
        const std::string id = served.run();
        QVERIFY(!id.empty());
        QCOMPARE(served.json("GET", "/api/v1/runs/" + id)["state"], Json("paused"));
        QCOMPARE(served.ask("POST", "/api/v1/runs/" + id + ":step").status, 200);
        QVERIFY(QTest::qWaitFor([&] { return served.json("GET", "/api/v1/runs/" + id)["step"] == 1; }, patience));
        QCOMPARE(served.ask("POST", "/api/v1/runs/" + id + ":resume").status, 200);
        QVERIFY(served.reaches(id, "finished"));
        const Json rows = served.json("GET", "/api/v1/runs/" + id + "/metrics?after=2&limit=5")["metrics"];
        QCOMPARE(rows.size(), std::size_t{5});
        QCOMPARE(rows[0]["step"], Json(3));
        QVERIFY(rows[1].contains("validation_loss") && !rows[0].contains("validation_loss"));
        const std::string csv = served.ask("GET", "/api/v1/runs/" + id + "/metrics?format=csv").body;
        QCOMPARE(csv.substr(0, csv.find('\n')), metricsHeader());
        QCOMPARE(std::ranges::count(csv, '\n'), std::ptrdiff_t{13});
        QCOMPARE(served.json("GET", "/api/v1/runs")["runs"].size(), std::size_t{1});
        QCOMPARE(served.json("GET", "/api/v1/runs/" + id + "/experiment")["training"]["steps"], Json(12));
        QCOMPARE(served.ask("DELETE", "/api/v1/runs/" + id).status, 204);
        QCOMPARE(served.ask("GET", "/api/v1/runs/" + id).status, 404);
        QVERIFY(std::filesystem::is_empty(served.path() / "runs"));
    }

    void aRunIsDeletedWhileItsStateIsWritten() {
        Served served;
        for (int i = 0; i < 8; ++i) {
            const std::string made =
                served
                    .ask("POST", "/api/v1/runs",
                         R"({"preset": "copy", "set": {"training.steps": 1, "training.batch_size": 1, "model.d_model": 128,)"
                         R"( "task.validation_size": 1, "task.test_size": 1}})")
                    .body;
            const std::string id = Json::parse(made)["id"];
            QVERIFY(served.reaches(id, "finished"));
            QCOMPARE(served.ask("DELETE", "/api/v1/runs/" + id).status, 204);
            QVERIFY(std::filesystem::is_empty(served.path() / "runs"));
        }
        QVERIFY(served.complaints.empty());
    }

    void theSameKeyMakesOneRun() {
        Served served;
        Request asked = served.request("POST", "/api/v1/runs", R"({"preset": "copy", "train": false})");
        asked.headers["idempotency-key"] = "k1";
        const Response first = served.ask(asked), again = served.ask(asked);
        QCOMPARE(first.status, 201);
        QCOMPARE(again.status, 200);
        QCOMPARE(Json::parse(first.body)["id"], Json::parse(again.body)["id"]);
        asked.body = R"({"preset": "reverse", "train": false})";
        QCOMPARE(served.ask(asked).status, 422);
        served.start();
        asked.body = R"({"preset": "copy", "train": false})";
        QCOMPARE(Json::parse(served.ask(asked).body)["id"], Json::parse(first.body)["id"]);
        for (const char* key : {"", "\xb9"}) {
            asked.headers["idempotency-key"] = key;
            QCOMPARE(served.ask(asked).status, 400);
        }
    }

    void momentsAreExact() {
        Served served;
        const std::string id = served.run();
        served.ask("POST", "/api/v1/runs/" + id + ":resume");
        QVERIFY(served.reaches(id, "finished"));
        const std::string path = "/api/v1/runs/" + id + "/checkpoints/";
        const std::string last = contentOf(served.ask("GET", path + "latest"));
        const TensorFile file = parseSafetensors(last, "latest");
        QVERIFY(file.tensors.size() > 5 && file.metadata.contains("attention_lab.experiment"));
        QCOMPARE(contentOf(served.ask("GET", path + "12")), last);
        QVERIFY(contentOf(served.ask("GET", path + "7")) != last);
        Request part = served.request("GET", path + "12");
        part.headers["range"] = "bytes=8-15";
        const Response some = served.ask(part);
        QCOMPARE(some.status, 206);
        QCOMPARE(contentOf(some), last.substr(8, 8));
        part.headers.erase("range");
        part.headers["if-none-match"] = "\"" + id + "-12\"";
        QCOMPARE(served.ask(part).status, 304);
        QCOMPARE(served.ask("GET", path + "13").status, 404);
        QCOMPARE(served.ask("GET", path + "-1").status, 422);
        QCOMPARE(served.ask("GET", path + "first").status, 422);
        QVERIFY(std::filesystem::is_empty(served.service().spool()));
    }

    void tracesAreTheModels() {
        Served served;
        const std::string id = served.run(), path = "/api/v1/runs/" + id + "/trace";
        const Json summary = served.json("POST", path, R"({"tokens": [1, 2, 3], "format": "summary"})");
        QCOMPARE(summary["tokens"], Json::array({1, 2, 3}));
        const TensorFile file = parseSafetensors(contentOf(served.ask("POST", path, R"({"input": "1 2 3"})")), "trace");
        QVERIFY(file.tensors.contains("logits"));
        QCOMPARE(served.ask("POST", path, R"({"tokens": [1, 2, 99999]})").status, 422);
        QCOMPARE(served.ask("POST", path, R"({"tokens": [1, -2]})").status, 422);
        QCOMPARE(served.ask("POST", path, R"({"tokens": []})").status, 422);
        QCOMPARE(served.ask("POST", path, R"({"tokens": [1], "gradients": true})").status, 422);
        QVERIFY(contentOf(served.ask("POST", path, R"({"tokens": [1, 2], "targets": [2, -1], "gradients": true})")).find("gradient.") !=
                std::string::npos);
    }

    void aBranchGoesOnWithOtherSettings() {
        Served served;
        const std::string id = served.run();
        served.ask("POST", "/api/v1/runs/" + id + ":resume");
        QVERIFY(served.reaches(id, "finished"));
        const Response made =
            served.ask("POST", "/api/v1/runs/" + id + ":branch", R"({"step": 5, "set": {"training.steps": 9}, "train": true})");
        QCOMPARE(made.status, 201);
        const std::string branch = Json::parse(made.body)["id"].get<std::string>();
        QVERIFY(served.reaches(branch, "finished"));
        const Json rows = served.json("GET", "/api/v1/runs/" + branch + "/metrics")["metrics"];
        QCOMPARE(rows.front()["step"], Json(6));
        QCOMPARE(rows.back()["step"], Json(9));
        QCOMPARE(served.ask("POST", "/api/v1/runs/" + id + ":branch", R"({"step": 5, "set": {"model.d_model": 8}})").status, 422);
        QCOMPARE(served.ask("POST", "/api/v1/runs/" + id + ":branch", R"({"step": 50})").status, 404);
    }

    void waitingRunsTakeTheirTurn() {
        Served served;
        std::vector<std::string> ids;
        for (int i = 0; i < 6; ++i) ids.push_back(served.run());
        for (const std::string& id : ids) QCOMPARE(served.ask("POST", "/api/v1/runs/" + id + ":resume").status, 200);
        for (const std::string& id : ids) QVERIFY(served.reaches(id, "finished"));
    }

    void metricsAreThoseOfPrometheus() {
        Served served;
        const std::string id = served.run();
        const std::string text = served.ask("GET", "/metrics").body;
        QVERIFY(text.find("# TYPE attention_lab_run_step gauge\nattention_lab_run_step{run=\"" + id + "\"} 0\n") != std::string::npos);
    }

    void uploadsAreVersions() {
        Served served;
        const auto upload = [&served](const std::string& name, const std::string& text, const std::string& kind = "text") {
            return uploaded(served, name, text, kind);
        };
        const Response first = upload("tales", "Once upon a time.\n\nThe end.\n");
        QCOMPARE(first.status, 201);
        QCOMPARE(Json::parse(first.body)["file"], Json("tales.1.txt"));
        QVERIFY(Json::parse(first.body).contains("report"));
        QCOMPARE(Json::parse(upload("tales", "Once upon a time.\n\nThe end.\n").body)["file"], Json("tales.1.txt"));
        QCOMPARE(Json::parse(upload("tales", "Another tale.\n\nIts end.\n").body)["file"], Json("tales.2.txt"));
        QCOMPARE(upload("../x", "text").status, 422);
        QCOMPARE(upload("", "text").status, 422);
        QCOMPARE(upload("t", "text", "other").status, 422);
        QCOMPARE(served.json("GET", "/api/v1/datasets")["datasets"].size(), std::size_t{2});
        const Json made = served.json("POST", "/api/v1/tokenizers", R"({"name": "pieces", "dataset": "tales.1.txt", "pieces": 260})");
        QCOMPARE(made["file"], Json("pieces.1.json"));
        const Json cut = served.json("POST", "/api/v1/tokenizers/pieces.1.json:encode", R"({"text": "Once"})");
        Json ids = Json::array();
        for (const Json& token : cut["tokens"]) ids.push_back(token["id"]);
        QCOMPARE(served.json("POST", "/api/v1/tokenizers/pieces.1.json:decode", Json{{"tokens", ids}}.dump())["text"], Json("Once"));
        QCOMPARE(served.ask("POST", "/api/v1/tokenizers/pieces.1.json:decode", R"({"tokens": [4294967296]})").status, 422);
        QCOMPARE(served.ask("DELETE", "/api/v1/datasets/tales.1.txt").status, 204);
    }

    /// Another text would teach other pieces; the weights know those of the first.
    void aBranchOnAnotherTextKeepsItsTokens() {
        Served served;
        const auto tale = [](const std::string& line) {
            std::string text;
            for (int i = 0; i < 40; ++i) text += line + std::to_string(i) + ".\n\n";
            return text;
        };
        QCOMPARE(uploaded(served, "owls", tale("The owl sang to the moon ")).status, 201);
        QCOMPARE(uploaded(served, "frogs", tale("A frog leapt into its pond ")).status, 201);
        const Json experiment{{"format", "attention-lab/experiment"},
                              {"version", 1},
                              {"task", {{"kind", "text"}, {"seq_len", 8}, {"path", "owls.1.txt"}, {"tokenizer", "bpe"}, {"pieces", 280}}},
                              {"model", {{"architecture", "decoder"}, {"d_model", 16}}},
                              {"training", {{"steps", 2}, {"batch_size", 2}}}};
        const Response made = served.ask("POST", "/api/v1/runs", Json{{"experiment", experiment}, {"train", true}}.dump());
        QVERIFY2(made.status == 201, made.body.c_str());
        const std::string id = Json::parse(made.body)["id"].get<std::string>();
        QVERIFY(served.reaches(id, "finished"));
        const Json change{{"step", 2}, {"set", {{"task.path", "frogs.1.txt"}, {"training.steps", 4}}}, {"train", false}};
        const Response other = served.ask("POST", "/api/v1/runs/" + id + ":branch", change.dump());
        QVERIFY2(other.status == 201, other.body.c_str());
        const auto cut = [&served](const std::string& run) {
            return served.json("POST", "/api/v1/runs/" + run + "/trace", R"({"input": "The owl", "format": "summary"})")["tokens"];
        };
        QCOMPARE(cut(Json::parse(other.body)["id"].get<std::string>()), cut(id));
        QVERIFY(cut(id).size() < 7);  // pieces, not bytes
    }

private:
    static Response uploaded(Served& served, const std::string& name, const std::string& text, const std::string& kind = "text") {
        Request asked = served.request("POST", "/api/v1/datasets?name=" + name + "&kind=" + kind);
        asked.spooled = served.path() / "upload";
        std::ofstream(asked.spooled, std::ios::binary) << text;
        return served.ask(asked);
    }
    static std::string contentOf(const Response& response) {
        if (!response.part) return response.body;
        std::string bytes(response.part->length, '\0');
        const auto read = pread(response.part->file, bytes.data(), bytes.size(), static_cast<off_t>(response.part->offset));
        close(response.part->file);
        return read == static_cast<ssize_t>(bytes.size()) ? bytes : std::string();
    }
};

QTEST_GUILESS_MAIN(DeskTest)
#include "desk_test.moc"
