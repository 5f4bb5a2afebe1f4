#include "core/base/errors.h"
#include "core/codes/code_json.h"
#include "tests/server/serving.h"

using namespace lab;
using namespace lab::server;
using lab::tests::Served;

/// Sequences as whole numbers, over HTTP.
class CodesTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        const Json made = m_served.json("POST", "/api/v1/runs", R"({"preset": "codes-fsq", "set": {"training.steps": 3}, "train": false})");
        m_run = "/api/v1/runs/" + made.value("id", std::string());
        m_id = made.value("id", std::string());
        QCOMPARE(m_served.ask("POST", m_run + ":step").status, 200);
        QVERIFY(QTest::qWaitFor([&] { return m_served.json("GET", m_run)["step"] == 1; }, patience));
    }

    /// 243,000,000 is the number of 0 = 0 where its signs are 6, 5 and 6 (Nagel and Newman's way, one symbol lower here).
    void numbersAreExact_data() {
        QTest::addColumn<QString>("alphabet");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("number");
        QTest::newRow("0 = 0") << "digits"
                               << "5 4 5"
                               << "243000000";
        QTest::newRow("pi") << "digits"
                            << "3 1 4 1 5 9 2 6"
                            << "23649403906255588433130602566272150000";
        QTest::newRow("nothing") << "digits"
                                 << ""
                                 << "1";
        QTest::newRow("letters") << "letters"
                                 << "attend"
                                 << "121231751108895437247284846719933891296386718750";
        QTest::newRow("formula") << "formula"
                                 << "0=0"
                                 << "2430";
    }
    void numbersAreExact() {
        QFETCH(QString, alphabet);
        QFETCH(QString, text);
        QFETCH(QString, number);
        const Json encoded = asked("/api/v1/codes:encode", {{"alphabet", alphabet.toStdString()}, {"text", text.toStdString()}});
        QCOMPARE(encoded["number"], Json(number.toStdString()));
        const Json decoded = asked("/api/v1/codes:decode", {{"alphabet", alphabet.toStdString()}, {"number", number.toStdString()}});
        QCOMPARE(decoded["text"], Json(text.toStdString()));
        QCOMPARE(decoded["symbols"], encoded["symbols"]);
        const Json mixed = asked("/api/v1/codes:decode", {{"alphabet", alphabet.toStdString()},
                                                          {"number", encoded["mixed_radix"]},
                                                          {"coder", "mixed_radix"},
                                                          {"length", encoded["symbols"].size()}});
        QCOMPARE(mixed["symbols"], encoded["symbols"]);
    }

    void ownWordsAreAnAlphabet() {
        const Json encoded = asked("/api/v1/codes:encode", {{"words", {"the", "owl", "sleeps"}}, {"text", "owl the sleeps"}});
        QCOMPARE(encoded["number"], Json("1500"));
        QCOMPARE(encoded["factors"].size(), std::size_t{3});
        QCOMPARE(encoded["factors"][2]["prime"], Json(5));
    }

    void whatIsWrongHasItsPlace_data() {
        QTest::addColumn<QString>("address");
        QTest::addColumn<QString>("body");
        QTest::addColumn<QString>("pointer");
        const auto row = [](const char* address, const char* body, const char* pointer) {
            QTest::newRow(body) << address << body << pointer;
        };
        const char *encode = "/api/v1/codes:encode", *decode = "/api/v1/codes:decode";
        row(encode, R"({"text": "3 x"})", "/text");
        row(encode, R"({"text": "3", "alphabet": "runes"})", "/alphabet");
        row(encode, R"({"text": "3", "alphabet": "digits", "words": ["a"]})", "/words");
        row(encode, R"({"text": "a", "words": []})", "/words");
        row(decode, R"({"number": 15})", "/number");
        row(decode, R"({"number": "-15"})", "/number");
        row(decode, R"({"number": "15"})", "/number");
        row(decode, R"({"number": "0"})", "/number");
        row(decode, R"({"number": "100", "coder": "mixed_radix"})", "/length");
        row(decode, R"({"number": "100", "length": 3})", "/length");
        row(decode, R"({"number": "1000", "coder": "mixed_radix", "length": 3})", "/number");
        row(":encode", R"({"tokens": []})", "/tokens");
        row(":encode", R"({"tokens": [3, 16000000]})", "/tokens");
        row(":encode", R"({"input": "3 99"})", "/input");
        row(":encode", R"({"input": "3", "turns": {"12": 0}})", "/turns/12");
        row(":encode", R"({"input": "3", "turns": {"a": 0}})", "/turns/a");
        row(":encode", R"({"input": "3", "turns": {"3": 4}})", "/turns/3");
        row(":encode", R"({"input": "3", "turns": {"3": 0.5}})", "/turns/3");
        row(":encode", R"({"input": "3", "nearest": 101})", "/nearest");
        row(":decode", R"({"number": "16777216"})", "/number");
    }
    void whatIsWrongHasItsPlace() {
        QFETCH(QString, address);
        QFETCH(QString, body);
        QFETCH(QString, pointer);
        const std::string path = (address.startsWith(':') ? m_run + "/codes" : std::string()) + address.toStdString();
        const Response response = m_served.ask("POST", path, body.toStdString());
        QCOMPARE(response.status, 422);
        const Json problem = Json::parse(response.body);
        QVERIFY2(problem.contains("errors"), response.body.c_str());
        QCOMPARE(problem["errors"][0]["pointer"], Json(pointer.toStdString()));
    }

    /// A word that is said as often as there may be symbols would fill the memory.
    void wordsAreShort() {
        const Json body{{"words", {"a", std::string(65, 'b')}}, {"text", "a"}};
        const Json refused = Json::parse(m_served.ask("POST", "/api/v1/codes:encode", body.dump()).body);
        QCOMPARE(refused["errors"][0]["pointer"], Json("/words/1"));
    }

    void longSequencesAreRefusedBeforeTheWork() {
        const Response response = m_served.ask("POST", m_run + "/codes:encode", Json{{"tokens", std::vector<int>(100'000, 3)}}.dump());
        QCOMPARE(response.status, 422);
    }

    void measuresAreThoseOfCore() {
        const Json answer = m_served.json("GET", m_run + "/codes?sequences=60&changes=true&lengths=true&step=1");
        const codes::CodedTask coded = codedTask(60);
        QCOMPARE(answer, codes::measuresJson(1, *codes::measured(coded, {true, true}), coded.set));
        QVERIFY(answer["bits"]["room"] == 24.0 && answer.contains("order"));
        QVERIFY(m_served.json("GET", m_run + "/codes?sequences=60&step=0")["losses"] != answer["losses"]);
        QCOMPARE(m_served.ask("GET", m_run + "/codes?step=2").status, 404);
        QCOMPARE(m_served.ask("GET", m_run + "/codes?sequences=2001").status, 422);
    }

    void aSequenceIsLookedAtAsInCore() {
        const Json answer =
            asked(m_run + "/codes:encode", {{"input", "3 1 4 1 5 9"}, {"sequences", 60}, {"nearest", 4}, {"turns", {{"3", 0}, {"11", 2}}}});
        const codes::CodedTask coded = codedTask(60);
        const std::vector<codes::Turn> turns{{3, 0}, {11, 2}};
        QCOMPARE(answer, codes::lookJson(coded, *codes::lookedAt(coded, {3, 1, 4, 1, 5, 9}, 4, turns)));
        QCOMPARE(answer["nearest"].size(), std::size_t{4});
        const Json back = asked(m_run + "/codes:decode", {{"number", answer["number"]}});
        QCOMPARE(back["code"], answer["code"]);
        QCOMPARE(back["decoded"], answer["decoded"]);
    }

    void withoutABottleneckThereAreNoCodes() {
        const std::string other = "/api/v1/runs/" + m_served.run();
        for (const Response& response :
             {m_served.ask("GET", other + "/codes"), m_served.ask("POST", other + "/codes:encode", R"({"input": "1"})"),
              m_served.ask("POST", other + "/codes:decode", R"({"number": "1"})")}) {
            QCOMPARE(response.status, 422);
            QVERIFY(Json::parse(response.body)["detail"].get<std::string>().starts_with("model.bottleneck.kind: "));
        }
        QCOMPARE(m_served.ask("GET", "/api/v1/runs/nothing/codes").status, 404);
    }

private:
    Json asked(const std::string& path, const Json& body) {
        const Response response = m_served.ask("POST", path, body.dump());
        if (response.status != 200) qWarning("%s", response.body.c_str());
        return Json::parse(response.body);
    }

    codes::CodedTask codedTask(int sequences) {
        Runs& runs = m_served.service().runs;
        const CheckpointPtr weights = runs.weightsAt(m_id, 1);
        return runs.with(m_id, [&](ServedRun& run) {
            const LoadedTask task{run.run->experiment(), run.run->dataset()};
            return codes::CodedTask{codes::Coder(run.run->model(), weights->weights), task, codes::testSet(*task.dataset, sequences)};
        });
    }

    Served m_served;
    std::string m_run, m_id;
};

QTEST_GUILESS_MAIN(CodesTest)
#include "codes_test.moc"
