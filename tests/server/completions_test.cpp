#include "tests/server/serving.h"

using namespace lab;
using namespace lab::server;
using lab::tests::Served;

/// Completions in OpenAI's shape.
class CompletionsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        const Json made = m_served.json("POST", "/api/v1/runs", R"({"preset": "stories", "set": {"training.steps": 2}, "train": false})");
        m_id = made.value("id", std::string());
        QVERIFY(!m_id.empty());
    }

    void decodersAreModels() {
        const std::string encoder = m_served.run();
        const Json models = m_served.json("GET", "/v1/models");
        QCOMPARE(models["object"], Json("list"));
        QCOMPARE(models["data"].size(), std::size_t{1});
        QCOMPARE(models["data"][0]["id"], Json(m_id));
        const Response refused = m_served.ask("POST", "/v1/completions", Json{{"model", encoder}, {"prompt", "1"}}.dump());
        QCOMPARE(refused.status, 422);
        QCOMPARE(Json::parse(refused.body)["error"]["param"], Json("model"));
    }

    void theSameSeedWritesTheSame() {
        const Json first = completed({{"prompt", "The"}, {"max_tokens", 12}, {"seed", 7}});
        QCOMPARE(first["object"], Json("text_completion"));
        QCOMPARE(first["choices"].size(), std::size_t{1});
        QCOMPARE(first["choices"][0]["finish_reason"], Json("length"));
        QCOMPARE(first["usage"]["completion_tokens"], Json(12));
        QCOMPARE(completed({{"prompt", "The"}, {"max_tokens", 12}, {"seed", 7}})["choices"], first["choices"]);
        QVERIFY(completed({{"prompt", "The"}, {"max_tokens", 12}, {"seed", 8}})["choices"] != first["choices"]);
    }

    void choicesAndPromptsAreNumbered() {
        const Json answer = completed({{"prompt", {"The", "The"}}, {"n", 2}, {"max_tokens", 3}});
        QCOMPARE(answer["choices"].size(), std::size_t{4});
        for (int i = 0; i < 4; ++i) QCOMPARE(answer["choices"][static_cast<std::size_t>(i)]["index"], Json(i));
    }

    void aServerThatEndsWritesNoFurther() {
        Served served;
        const Json made = served.json("POST", "/api/v1/runs", R"({"preset": "stories", "set": {"training.steps": 2}, "train": false})");
        served.service().end();
        const Json body{{"model", made["id"]}, {"prompt", "The"}, {"max_tokens", 60'000}};
        QCOMPARE(served.ask("POST", "/v1/completions", body.dump()).status, 503);
    }

    void echoAndLogprobsGoTogether() {
        const Json plain = completed({{"prompt", "The old"}, {"max_tokens", 4}, {"seed", 3}, {"logprobs", 2}});
        const Json echoed = completed({{"prompt", "The old"}, {"max_tokens", 4}, {"seed", 3}, {"logprobs", 2}, {"echo", true}});
        QCOMPARE(echoed["choices"][0]["text"].get<std::string>(), "The old" + plain["choices"][0]["text"].get<std::string>());
        const Json& told = echoed["choices"][0]["logprobs"];
        const std::size_t tokens = told["tokens"].size();
        QVERIFY(tokens > 4);
        for (const char* list : {"token_logprobs", "top_logprobs", "text_offset"}) QCOMPARE(told[list].size(), tokens);
        QVERIFY(told["token_logprobs"][0].is_null());
        for (std::size_t i = 1; i < tokens; ++i) QVERIFY(told["token_logprobs"][i].get<double>() <= 0);
        for (std::size_t i = 0; i < 4; ++i)
            QCOMPARE(told["token_logprobs"][tokens - 4 + i], plain["choices"][0]["logprobs"]["token_logprobs"][i]);
        QVERIFY(told["top_logprobs"][1].size() <= 2);
    }

    void stopsEnd() {
        const std::string text =
            completed({{"prompt", "The"}, {"max_tokens", 30}, {"temperature", 0}})["choices"][0]["text"].get<std::string>();
        QVERIFY(text.size() > 4);
        const std::string stop = text.substr(2, 2);
        const Json stopped = completed({{"prompt", "The"}, {"max_tokens", 30}, {"temperature", 0}, {"stop", stop}})["choices"][0];
        QCOMPARE(stopped["text"].get<std::string>(), text.substr(0, text.find(stop)));
        QCOMPARE(stopped["finish_reason"], Json("stop"));
    }

    void aStreamSaysTheSame() {
        Json body{{"prompt", "The"}, {"max_tokens", 8}, {"seed", 5}};
        const Json whole = completed(body);
        body["model"] = m_id;
        body["stream"] = true;
        const Response response = m_served.ask("POST", "/v1/completions", body.dump());
        QCOMPARE(response.type, std::string("text/event-stream"));
        response.produce(*response.stream);
        std::string all(Stream::most, '\0');
        all.resize(response.stream
                       ->take(
                           all.data(), all.size(), [] {}, [] {})
                       .bytes);
        QVERIFY(all.ends_with("data: [DONE]\n\n"));
        std::string text;
        for (std::size_t at = all.find("data: {"); at != all.npos; at = all.find("data: {", at + 1))
            text += Json::parse(all.substr(at + 6, all.find('\n', at) - at - 6))["choices"][0]["text"].get<std::string>();
        QCOMPARE(text, whole["choices"][0]["text"].get<std::string>());
    }

    void wrongValuesAreNamed_data() {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("value");
        for (const auto& [key, value] : std::vector<std::pair<const char*, const char*>>{{"max_tokens", "0"},
                                                                                         {"max_tokens", "-5"},
                                                                                         {"temperature", "-1"},
                                                                                         {"top_p", "2"},
                                                                                         {"n", "1000"},
                                                                                         {"stop", "[1]"},
                                                                                         {"stop", "[\"\"]"},
                                                                                         {"logprobs", "6"},
                                                                                         {"prompt", "\"\""},
                                                                                         {"prompt", "[-1]"},
                                                                                         {"prompt", "[4294967296]"},
                                                                                         {"prompt", "{}"},
                                                                                         {"seed", "-1"},
                                                                                         {"temperature", "\"hot\""},
                                                                                         {"n_discard", "-1"}})
            QTest::newRow((std::string(key) + " " + value).c_str()) << key << value;
    }
    void wrongValuesAreNamed() {
        QFETCH(QString, key);
        QFETCH(QString, value);
        Json body{{"model", m_id}, {"prompt", "The"}};
        body[key.toStdString()] = Json::parse(value.toStdString());
        const Response response = m_served.ask("POST", "/v1/completions", body.dump());
        QCOMPARE(response.status, 422);
        QVERIFY(Json::parse(response.body)["error"]["message"].get<std::string>().find(key.toStdString()) != std::string::npos);
    }

private:
    Json completed(Json body) {
        body["model"] = m_id;
        const Response response = m_served.ask("POST", "/v1/completions", body.dump());
        if (response.status != 200) qInfo("%s", response.body.c_str());
        return Json::parse(response.body);
    }

    Served m_served;
    std::string m_id;
};

QTEST_GUILESS_MAIN(CompletionsTest)
#include "completions_test.moc"
