#include "tests/server/serving.h"

using namespace lab;
using namespace lab::server;
using lab::tests::Served;

/// What is asked of whoever paints, and what is refused before.
class PicturesTest : public QObject {
    Q_OBJECT

private slots:
    void withoutAPainterOneSentenceSaysSo() {
        Served served({}, false);
        const std::string run = "/api/v1/runs/" + served.run();
        for (const Response& response : {served.ask("POST", run + "/maps", R"({"input": "1 2 3"})"), served.ask("GET", run + "/curves")}) {
            QCOMPARE(response.status, 501);
            const Json problem = Json::parse(response.body);
            QCOMPARE(problem["title"], Json("Not Implemented"));
            QVERIFY(problem["detail"].get<std::string>().find("numbers only") != std::string::npos);
        }
    }

    void aPictureComesWithItsType() {
        Served served;
        const std::string run = "/api/v1/runs/" + served.run();
        const Response usual = served.ask("POST", run + "/maps", R"({"input": "1 2 3"})");
        QCOMPARE(usual.status, 200);
        QCOMPARE(usual.type, std::string("image/svg+xml"));
        QCOMPARE(usual.body, std::string("maps of step 0, 3 tokens"));
        QVERIFY(served.pictures.lastWish.view == MapsWish::View::maps && !served.pictures.lastForm.style.dark);
        for (const auto& [format, type] : {std::pair("png", "image/png"), std::pair("pdf", "application/pdf")})
            QCOMPARE(served.ask("POST", run + "/maps", Json{{"tokens", {1, 2}}, {"format", format}}.dump()).type, std::string(type));
    }

    void everyWishReachesThePainter() {
        Served served;
        const std::string run = "/api/v1/runs/" + served.run();
        const Json body{{"input", "1 2 3"}, {"view", "rope"}, {"quantity", "scores"},   {"layer", 0},   {"head", 0},    {"query", 2},
                        {"key", 1},         {"scale", 3},     {"width", "two-columns"}, {"dark", true}, {"bare", true}, {"format", "png"}};
        QCOMPARE(served.ask("POST", run + "/maps", body.dump()).status, 200);
        const MapsWish& wish = served.pictures.lastWish;
        QVERIFY(wish.view == MapsWish::View::rope && wish.quantity == MapStage::scores && wish.query == 2 && wish.key == 1);
        const PictureForm& form = served.pictures.lastForm;
        QVERIFY(form.format == FigureFormat::png && form.style.dots == 3 && form.style.dark);
        QVERIFY(form.style.sheet.width == FigureWidth::twoColumns && !form.style.sheet.words);
    }

    void curvesHaveARowForEachStep() {
        Served served;
        const std::string id = served.run(), run = "/api/v1/runs/" + id;
        QCOMPARE(served.ask("GET", run + "/curves").status, 409);
        served.ask("POST", run + ":resume");
        QVERIFY(served.reaches(id, "finished"));
        const Response response = served.ask("GET", run + "/curves?format=pdf&dark=true&scale=1");
        QCOMPARE(response.type, std::string("application/pdf"));
        QCOMPARE(response.body, "curves of " + id + ", 12 rows");
        QVERIFY(served.pictures.lastForm.style.dark && served.pictures.lastForm.style.dots == 1);
        QCOMPARE(served.ask("GET", "/api/v1/runs/nothing/curves").status, 404);
    }

    void whatIsWrongHasItsPlace_data() {
        QTest::addColumn<QString>("body");
        QTest::addColumn<QString>("pointer");
        QTest::newRow("layer") << R"({"input": "1 2", "view": "head", "layer": 9})"
                               << "/layer";
        QTest::newRow("layer below 0") << R"({"input": "1 2", "view": "head", "layer": -1})"
                                       << "/layer";
        QTest::newRow("head") << R"({"input": "1 2", "view": "head", "head": 99})"
                              << "/head";
        QTest::newRow("block") << R"({"input": "1 2", "view": "head", "block": "decoder.7.attention"})"
                               << "/block";
        QTest::newRow("query") << R"({"input": "1 2", "view": "rope", "query": 2})"
                               << "/query";
        QTest::newRow("key") << R"({"input": "1 2", "view": "rope", "key": 2})"
                             << "/key";
        QTest::newRow("view") << R"({"input": "1 2", "view": "films"})"
                              << "/view";
        QTest::newRow("quantity") << R"({"input": "1 2", "quantity": "decay"})"
                                  << "/quantity";
        QTest::newRow("gradient") << R"({"input": "1 2", "quantity": "gradient_of_scores"})"
                                  << "/targets";
        QTest::newRow("scale") << R"({"input": "1 2", "scale": 100})"
                               << "/scale";
        QTest::newRow("format") << R"({"input": "1 2", "format": "gif"})"
                                << "/format";
        QTest::newRow("numbers") << R"({"input": "1 2", "format": "csv"})"
                                 << "/format";
        QTest::newRow("token") << R"({"input": "1 cat"})"
                               << "/input";
    }
    void whatIsWrongHasItsPlace() {
        QFETCH(QString, body);
        QFETCH(QString, pointer);
        const Response response = m_served.ask("POST", "/api/v1/runs/" + m_run + "/maps", body.toStdString());
        QCOMPARE(response.status, 422);
        QCOMPARE(Json::parse(response.body)["errors"][0]["pointer"], Json(pointer.toStdString()));
    }

    void gradientsAreThoseOfWhatIsRight() {
        const std::string body = R"({"input": "1 2", "targets": [1, 2], "quantity": "gradient_of_weights"})";
        QCOMPARE(m_served.ask("POST", "/api/v1/runs/" + m_run + "/maps", body).status, 200);
    }

private:
    Served m_served;
    std::string m_run = m_served.run();
};

QTEST_GUILESS_MAIN(PicturesTest)
#include "pictures_test.moc"
