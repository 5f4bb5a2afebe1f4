#include "core/memory/icons.h"
#include "core/memory/memory_choice.h"
#include "core/memory/pattern_vectors.h"
#include "core/memory/recall_end.h"
#include "tests/core/memory/capacity_testing.h"
#include "tests/server/serving.h"

using namespace lab;
using namespace lab::server;
using lab::tests::Served;

/// Memories that are asked over HTTP say what core says.
class HopfieldTest : public QObject {
    Q_OBJECT

private slots:
    void everyRuleIsListed() {
        const Json list = m_served.json("GET", "/api/v1/hopfield");
        std::vector<std::string> names;
        for (const Json& rule : list["rules"]) {
            names.push_back(rule["name"]);
            for (const char* key : {"title", "help", "formula", "source"}) QVERIFY(!rule[key].get<std::string>().empty());
        }
        QCOMPARE(names, memoryNames());
        QCOMPARE(list["pictures"]["built-in:letters"].size(), std::size_t{26});
        QCOMPARE(list["modes"].size(), std::size_t{2});
    }

    void recallIsThatOfCore_data() {
        QTest::addColumn<QString>("rule");
        QTest::addColumn<QString>("mode");
        for (const StorageRule* rule : storageRules())
            for (const char* mode : {"asynchronous", "synchronous"})
                QTest::addRow("%s %s", rule->name.data(), mode) << QString::fromUtf8(rule->name.data()) << mode;
    }
    void recallIsThatOfCore() {
        QFETCH(QString, rule);
        QFETCH(QString, mode);
        const Json answer = recalled({{"pictures", "built-in:letters"},
                                      {"pattern", "Q"},
                                      {"flip", 0.2},
                                      {"seed", 3},
                                      {"rule", rule.toStdString()},
                                      {"mode", mode.toStdString()},
                                      {"flips", true}});
        const HopfieldNet net(storageRule(rule.toStdString()), letterPatterns());
        const States query = withNoise(*findBuiltInPattern("Q"), 0.2, 3).states;
        const Recall record = recall(net, query, *fromName<RecallMode>(mode.toStdString()), 3);
        QCOMPARE(answer["updates"], Json(record.updates()));
        QCOMPARE(answer["settled"], Json(record.ending == RecallEnding::settled));
        QCOMPARE(answer["sentence"], Json(endingText(record).english()));
        QCOMPARE(answer["flips"].size(), record.flips.size());
        QCOMPARE(answer["steps"].front()["state"], Json(query));
        QCOMPARE(answer["steps"].back()["state"], Json(record.end()));
        for (const Json& step : answer["steps"]) {
            const int update = step["update"];
            const States state = record.stateAfter(update);
            QCOMPARE(step["energy"], Json(record.energies[static_cast<std::size_t>(update)]));
            QCOMPARE(step["state"], Json(state));
            for (std::size_t k = 0; k < net.patterns().size(); ++k)
                QVERIFY(std::abs(step["overlaps"][k].get<double>() - overlap(net.patterns()[k].states, state)) < 1e-12);
        }
        const NamedState end = namedState(net.patterns(), record.end());
        QCOMPARE(answer["end"]["sentence"], Json(stateText(end, net.patterns()).english()));
        QCOMPARE(answer["end"]["nearest"], Json(net.patterns()[static_cast<std::size_t>(end.nearest)].name));
    }

    /// Of one pattern by Hebb's rule, N units: E = -(N - 1)/2, and of its inverse too.
    void rowsOfBothKindsAreTheSame() {
        const Json plusMinus = recalled({{"patterns", {{1, -1, 1, -1, 1}}}, {"cue", {-1, 1, -1, 1, 1}}});
        const Json zeroOne = recalled({{"patterns", {{1, 0, 1, 0, 1}}}, {"cue", {0, 1, 0, 1, 1}}});
        QCOMPARE(zeroOne, plusMinus);
        QCOMPARE(plusMinus["end"]["kind"], Json("inverse"));
        QCOMPARE(plusMinus["end"]["patterns"], Json({"1"}));
        QVERIFY(std::abs(plusMinus["steps"].back()["energy"].get<double>() + 2) < 1e-12);
        QCOMPARE(recalled({{"pictures", "10\n01\n"}, {"cue_picture", "10\n01\n"}})["rows"], Json(2));
    }

    void theContinuousNetTakesAnyNumbers() {
        const Json answer = recalled({{"patterns", {{0.5, 1, -2}, {2, 0, 1}}}, {"cue", {0.4, 0.9, -1}}, {"rule", "modern"}, {"beta", 2}});
        const ModernNet net({2, 3, {0.5, 1, -2, 2, 0, 1}}, 2);
        const Settling way = net.settle({0.4, 0.9, -1});
        QCOMPARE(answer["steps"].size(), way.states.size());
        QCOMPARE(answer["end"]["kind"], Json("one"));
        QCOMPARE(answer["end"]["patterns"], Json({"1"}));
        for (std::size_t k = 0; k < way.states.size(); ++k) {
            QCOMPARE(answer["steps"][k]["state"], Json(way.states[k]));
            QCOMPARE(answer["steps"][k]["energy"], Json(way.energies[k]));
            QCOMPARE(answer["steps"][k]["weights"], Json(net.weights(way.states[k])));
        }
    }

    void theContinuousNetRestoresPicturesAtAttentionsScale() {
        const Json answer = recalled({{"pictures", "built-in:icons"}, {"pattern", "boat"}, {"flip", 0.3}, {"rule", "modern"}});
        QCOMPARE(answer["beta"], Json(attentionBeta(256)));
        QCOMPARE(answer["end"]["nearest"], Json("boat"));
    }

    /// RESEARCH G.2, at loads away from the drop, whose numbers are those of the literature: 0.138 N is between.
    void capacityIsAsPublished() {
        using namespace lab::memory_testing;
        for (const auto& [row, load] : {std::pair{0, 0}, {0, 6}, {1, 5}}) {
            const PublishedRow& published = publishedRows[static_cast<std::size_t>(row)];
            const auto cell = static_cast<std::size_t>(load);
            const CapacityQuestion question = publishedQuestion({publishedLoads[cell]});
            const Json body{{"rule", published.rule}, {"neurons", question.neurons}, {"patterns", question.patterns},
                            {"flip", question.flip},  {"draws", question.draws},     {"seed", question.seed}};
            const Json answer = m_served.json("POST", "/api/v1/hopfield:capacity", body.dump());
            const CapacityPoint point = capacityCurve(classicalMemory(storageRule(published.rule)), question).front();
            QVERIFY2(agrees(point, published, cell), qPrintable(cellText(point, published, cell)));
            QCOMPARE(answer["points"][0]["overlap"], Json(point.overlap));
            QCOMPARE(answer["points"][0]["exact"], Json(point.exact));
            QCOMPARE(answer["points"][0]["draws"], Json(question.draws));
        }
    }

    void whatIsWrongHasItsPlace_data() {
        QTest::addColumn<QString>("body");
        QTest::addColumn<QString>("pointer");
        const auto row = [](const char* body, const char* pointer) { QTest::newRow(body) << body << pointer; };
        row(R"({"pattern": "1"})", "/patterns");
        row(R"({"patterns": [[1]], "pictures": "1", "pattern": "1"})", "/patterns");
        row(R"({"patterns": [[1, 0], [1]], "pattern": "1"})", "/patterns/1");
        row(R"({"patterns": [[]], "pattern": "1"})", "/patterns/0");
        row(R"({"patterns": [], "pattern": "1"})", "/patterns");
        row(R"({"patterns": [[1, 2]], "pattern": "1"})", "/patterns/0/1");
        row(R"({"patterns": [[1, "0"]], "pattern": "1"})", "/patterns");
        row(R"({"patterns": [[1, 1e9]], "pattern": "1", "rule": "modern"})", "/patterns/0/1");
        row(R"({"patterns": [[1, 0]], "pattern": "2"})", "/pattern");
        row(R"({"patterns": [[1, 0]]})", "/pattern");
        row(R"({"patterns": [[1, 0]], "cue": [1, 0, 1]})", "/cue");
        row(R"({"patterns": [[1, 0]], "cue": [1, 0.5]})", "/cue/1");
        row(R"({"patterns": [[1, 0]], "cue_picture": "101"})", "/cue_picture");
        row(R"({"pictures": "built-in:nothing", "pattern": "1"})", "/pictures");
        row(R"({"pictures": "/etc/passwd", "pattern": "1"})", "/pictures");
        row(R"({"pictures": "built-in:icons", "pattern": "skull", "rule": "nothing"})", "/rule");
        row(R"({"pictures": "built-in:icons", "pattern": "skull", "beta": 1})", "/beta");
        row(R"({"pictures": "built-in:icons", "pattern": "skull", "rule": "modern", "beta": 0})", "/beta");
        row(R"({"pictures": "built-in:icons", "pattern": "skull", "rule": "modern", "mode": "synchronous"})", "/mode");
        row(R"({"pictures": "built-in:icons", "pattern": "skull", "flip": 1.5})", "/flip");
        row(R"({"pictures": "built-in:icons", "pattern": "skull", "steps": 101})", "/steps");
    }
    void whatIsWrongHasItsPlace() {
        QFETCH(QString, body);
        QFETCH(QString, pointer);
        const Response response = m_served.ask("POST", "/api/v1/hopfield:recall", body.toStdString());
        QCOMPARE(response.status, 422);
        QCOMPARE(Json::parse(response.body)["errors"][0]["pointer"], Json(pointer.toStdString()));
    }

    void manyPatternsAreTooMany() {
        const Json refused = m_served.json("POST", "/api/v1/hopfield:capacity", R"({"patterns": [3, 1001]})");
        QCOMPARE(refused["status"], Json(422));
        QCOMPARE(refused["errors"][0]["pointer"], Json("/patterns/1"));
    }

private:
    Json recalled(const Json& body) {
        const Response response = m_served.ask("POST", "/api/v1/hopfield:recall", body.dump());
        if (response.status != 200) qWarning("%s", response.body.c_str());
        return Json::parse(response.body);
    }

    Served m_served;
};

QTEST_GUILESS_MAIN(HopfieldTest)
#include "hopfield_test.moc"
