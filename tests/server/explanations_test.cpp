#include "server/routes/moment.h"
#include "tests/server/serving.h"

using namespace lab;
using namespace lab::server;
using lab::tests::Served;

/// Walks through the numbers of a run.
class ExplanationsTest : public QObject {
    Q_OBJECT

private slots:
    void theMarkdownWalksThereAndBack() {
        const Response response = ask({{"input", "1 2 3"}, {"targets", {1, 2, 3}}, {"query", 2}, {"key", 1}});
        QCOMPARE(response.status, 200);
        QVERIFY(response.type.starts_with("text/markdown"));
        for (const char* words : {"The input row", "Attention weights", "Back through the softmax", "query 2", "key 1"})
            QVERIFY2(response.body.find(words) != std::string::npos, words);
        QVERIFY(ask({{"input", "1 2 3"}}).body.find("no way back") != std::string::npos);
    }

    void theJsonHasTheNumbersOfTheTrace() {
        const Json walk = Json::parse(ask({{"input", "1 2 3"}, {"query", 1}, {"key", 2}, {"format", "json"}}).body);
        QVERIFY(walk["query"] == 1 && walk.contains("why_no_way_back"));
        const auto stage = std::ranges::find_if(walk["stages"], [](const Json& each) { return each["id"] == "weights"; });
        QVERIFY(stage != walk["stages"].end());
        for (const char* key : {"heading", "formula", "text", "grids"}) QVERIFY2(!stage->at(key).empty(), key);
        const Moment moment = momentOf(m_served.service(), m_run, 0);
        const Trace trace = moment.model->trace(moment.weights->weights, {{1, 2, 3}, {}, {}, {}, {}});
        const Tensor& weights = trace.at("encoder.0.attention.weights");
        const Json& result = stage->at("result");
        const double expected = weights.values[static_cast<std::size_t>(weights.extent(2) + result["column"].get<int>())];
        QCOMPARE(result["value"].get<double>(), expected);
        const auto grid = std::ranges::find_if(stage->at("grids"), [&](const Json& each) { return each["id"] == result["grid"]; });
        QCOMPARE((*grid)["values"][result["row"].get<std::size_t>()][result["column"].get<std::size_t>()], result["value"]);
    }

    void whatIsMaskedIsNoNumber() {
        const Json made =
            m_served.json("POST", "/api/v1/runs", R"({"preset": "copy", "set": {"model.architecture": "decoder"}, "train": false})");
        const std::string path = "/api/v1/runs/" + made["id"].get<std::string>() + "/explain";
        const Response response = m_served.ask("POST", path, R"({"input": "1 2 3", "format": "json"})");
        QVERIFY2(response.body.find("\"-inf\"") != std::string::npos, response.body.substr(0, 300).c_str());
    }

    void aProgramReadsTheCheckpoint() {
        for (const char* language : {"numpy", "torch"}) {
            const Response response = ask({{"input", "1 2 3"}, {"format", language}});
            QVERIFY(response.type.starts_with("text/x-python"));
            QVERIFY(response.body.find("\"checkpoint.safetensors\"") != std::string::npos);
        }
    }

    /// The optimizer's memory at that step, not at the run's last one.
    void everyStepIsExplainedByItsOwnState() {
        const std::string id = m_served.run();
        m_served.ask("POST", "/api/v1/runs/" + id + ":resume");
        QVERIFY(m_served.reaches(id, "finished"));
        const auto updateAt = [&](const char* step) {
            const Json body{{"input", "1 2 3"}, {"targets", {1, 2, 3}}, {"step", step}, {"format", "json"}};
            const Json walk = Json::parse(m_served.ask("POST", "/api/v1/runs/" + id + "/explain", body.dump()).body);
            return std::ranges::find_if(walk["stages"], [](const Json& each) { return each["id"] == "update"; })->dump();
        };
        QVERIFY(updateAt("3") != updateAt("latest"));
        QCOMPARE(updateAt("12"), updateAt("latest"));
    }

    void anEncoderDecoderReadsWhatItWrites() {
        const Json made = m_served.json("POST", "/api/v1/runs",
                                        R"({"preset": "copy", "set": {"model.architecture": "encoder-decoder"}, "train": false})");
        const std::string path = "/api/v1/runs/" + made["id"].get<std::string>() + "/explain";
        const Response response = m_served.ask("POST", path, R"({"input": "1 2 3", "block": "decoder.0.cross_attention", "query": 2})");
        QCOMPARE(response.status, 200);
        QVERIFY(response.body.find("decoder.0.cross_attention, head 0, query 2") != std::string::npos);
    }

    void whatIsRefusedIsSaid_data() {
        QTest::addColumn<QString>("set");
        QTest::addColumn<QString>("body");
        QTest::addColumn<QString>("words");
        QTest::addColumn<QString>("pointer");
        QTest::newRow("layer") << ""
                               << R"({"input": "1 2", "layer": 9})"
                               << "this model has no layer 9"
                               << "/layer";
        QTest::newRow("head") << ""
                              << R"({"input": "1 2", "head": 99})"
                              << "has no head 99"
                              << "/head";
        QTest::newRow("query") << ""
                               << R"({"input": "1 2", "query": 2})"
                               << "there is no position 2, only 0 to 1"
                               << "/query";
        QTest::newRow("key") << ""
                             << R"({"input": "1 2", "key": 7})"
                             << "there is no position 7, only 0 to 1"
                             << "/key";
        QTest::newRow("differential") << R"("model.attention.differential": true, "model.num_heads": 2)"
                                      << R"({"input": "1 2"})"
                                      << "Differential attention is not opened here"
                                      << "";
        QTest::newRow("no heads") << R"("model.mixer.kind": "feed-forward")"
                                  << R"({"input": "1 2"})"
                                  << "has no attention"
                                  << "";
    }
    void whatIsRefusedIsSaid() {
        QFETCH(QString, set);
        QFETCH(QString, body);
        QFETCH(QString, words);
        QFETCH(QString, pointer);
        const Json made =
            m_served.json("POST", "/api/v1/runs", R"({"preset": "copy", "set": {)" + set.toStdString() + R"(}, "train": false})");
        QVERIFY2(made.contains("id"), made.dump().c_str());
        const Response response = m_served.ask("POST", "/api/v1/runs/" + made["id"].get<std::string>() + "/explain", body.toStdString());
        QCOMPARE(response.status, 422);
        const Json problem = Json::parse(response.body);
        QVERIFY2(problem["detail"].get<std::string>().find(words.toStdString()) != std::string::npos, response.body.c_str());
        if (!pointer.isEmpty()) QCOMPARE(problem["errors"][0]["pointer"], Json(pointer.toStdString()));
    }

private:
    Response ask(const Json& body) { return m_served.ask("POST", "/api/v1/runs/" + m_run + "/explain", body.dump()); }

    Served m_served;
    std::string m_run = m_served.run();
};

QTEST_GUILESS_MAIN(ExplanationsTest)
#include "explanations_test.moc"
