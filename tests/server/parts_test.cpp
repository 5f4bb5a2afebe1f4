#include "server/http/connections.h"
#include "server/http/problem.h"
#include "server/http/range.h"
#include "server/http/stream.h"
#include "server/http/workers.h"
#include "server/routes/parameter.h"
#include "server/routes/route.h"

using namespace lab;
using namespace lab::server;

/// The small parts that need neither a socket nor a run.
class PartsTest : public QObject {
    Q_OBJECT

private slots:
    void whoHoldsMostAndWaitsLongestGoes() {
        Connections connections(4);
        QCOMPARE(connections.came(1, "one"), std::nullopt);
        QCOMPARE(connections.came(2, "many"), std::nullopt);
        QCOMPARE(connections.came(3, "many"), std::nullopt);
        QCOMPARE(connections.came(4, "many"), std::nullopt);
        connections.asked(2, "GET /a");
        QCOMPARE(connections.came(5, "one"), 3);  // 2 is being answered
        connections.left(3);
        connections.waits(2);
        QCOMPARE(connections.came(6, "many"), 4);  // 4 waits since it came, 2 since its answer
        QCOMPARE(connections.came(7, "many"), 2);
        QCOMPARE(connections.peers().size(), std::size_t{2});
    }

    void whoIsBeingAnsweredStays() {
        Connections connections(2);
        connections.came(1, "one");
        connections.came(2, "one");
        connections.asked(1, "GET /a");
        connections.asked(2, "GET /b");
        QCOMPARE(connections.came(3, "other"), 3);
        connections.left(3);
        const std::vector<Connections::Peer> peers = connections.peers();
        QCOMPARE(peers.size(), std::size_t{1});
        QCOMPARE(peers.front().connections, 2);
        QCOMPARE(peers.front().asked, std::string("GET /b"));
        connections.waits(9);  // nobody of whom it is known
    }

    void rangesAreThoseOfTheStandard_data() {
        QTest::addColumn<QString>("header");
        QTest::addColumn<QString>("expected");  // of 100 bytes
        QTest::newRow("begin") << "bytes=0-9"
                               << "0-9";
        QTest::newRow("to the end") << "bytes=90-"
                                    << "90-99";
        QTest::newRow("beyond the end") << "bytes=90-200"
                                        << "90-99";
        QTest::newRow("last") << "bytes=-10"
                              << "90-99";
        QTest::newRow("more than all") << "bytes=-1000"
                                       << "0-99";
        QTest::newRow("behind the end") << "bytes=100-"
                                        << "416";
        QTest::newRow("last none") << "bytes=-0"
                                   << "416";
        QTest::newRow("backwards") << "bytes=9-3"
                                   << "all";
        QTest::newRow("several") << "bytes=0-1,5-6"
                                 << "all";
        QTest::newRow("other unit") << "lines=0-1"
                                    << "all";
        QTest::newRow("letters") << "bytes=a-b"
                                 << "all";
        QTest::newRow("huge") << "bytes=99999999999999999999-"
                              << "all";
    }
    void rangesAreThoseOfTheStandard() {
        QFETCH(QString, header);
        QFETCH(QString, expected);
        QString got = "all";
        try {
            if (const auto range = rangeOf(header.toStdString(), 100)) got = QString("%1-%2").arg(range->first).arg(range->last);
        } catch (const Refusal& refusal) {
            got = QString::number(refusal.status());
        }
        QCOMPARE(got, expected);
    }

    void pathsAreMatchedPartByPart() {
        Fields places;
        QVERIFY(matches("/api/v1/runs/{run}/checkpoints/{step}", "/api/v1/runs/r1/checkpoints/20", places));
        QCOMPARE(places["run"], std::string("r1"));
        QCOMPARE(places["step"], std::string("20"));
        QVERIFY(matches("/runs/{run}:pause", "/runs/r1:pause", places));
        QCOMPARE(places["run"], std::string("r1"));
        QVERIFY(!matches("/runs/{run}", "/runs/r1:pause", places));
        QVERIFY(!matches("/runs/{run}:pause", "/runs/:pause", places));
        QVERIFY(!matches("/runs/{run}", "/runs/", places) && !matches("/runs/{run}", "/runs", places));
        QVERIFY(!matches("/runs/{run}", "/runs/r1/metrics", places) && !matches("/runs", "/runs/r1", places));
        QCOMPARE(placesIn("/a/{b}/c/{d}:e"), (std::vector<std::string>{"b", "d"}));
    }

    void everyRouteHasItsOwnNameAndAddress() {
        std::set<std::string> names, addresses;
        for (const Route& route : routes()) {
            QVERIFY2(names.insert(route.name).second, route.name.c_str());
            QVERIFY2(addresses.insert(route.method + " " + route.path).second, route.path.c_str());
            QVERIFY(!route.summary.empty() && route.handle && !route.answers.empty());
            QCOMPARE(route.keys.empty(), route.body != Route::Body::json);
        }
    }

    void wrongValuesAreNamedByTheirPointer() {
        const std::vector<server::Parameter> keys{
            {.name = "count", .kind = server::Parameter::Kind::integer, .limits = {1, 9}, .required = true},
            {.name = "kind", .choices = {"a", "b"}, .standard = "a"},
            {.name = "ids", .kind = server::Parameter::Kind::tokens, .limits = {0, 2}}};
        const Values values = checkedBody(keys, Json::parse(R"({"count": 3})"));
        QCOMPARE(values.integer("count"), std::int64_t{3});
        QCOMPARE(values.text("kind"), std::string("a"));
        QVERIFY(!values.has("ids"));
        const auto wrong = [&keys](const char* body) {
            try {
                checkedBody(keys, Json::parse(body));
                return std::string("none");
            } catch (const Refusal& refusal) {
                std::string all;
                for (const PlacedError& error : refusal.errors()) all += error.pointer + " ";
                return std::to_string(refusal.status()) + " " + all;
            }
        };
        QCOMPARE(wrong("{}"), std::string("422 /count "));
        QCOMPARE(wrong(R"({"count": 10})"), std::string("422 /count "));
        QCOMPARE(wrong(R"({"count": 1.5})"), std::string("422 /count "));
        QCOMPARE(wrong(R"({"count": 18446744073709551615})"), std::string("422 /count "));
        QCOMPARE(wrong(R"({"count": "3"})"), std::string("422 /count "));
        QCOMPARE(wrong(R"({"count": 1, "kind": "c", "ids": [1, 2, 3], "more": 1})"), std::string("422 /kind /ids /more "));
        QCOMPARE(wrong(R"({"count": 1, "ids": [1, "2"]})"), std::string("422 /ids "));
        QCOMPARE(wrong("[]"), std::string("422  "));
        QCOMPARE(checkedQuery(keys, {{"count", "4"}}).integer("count"), std::int64_t{4});
        QVERIFY_EXCEPTION_THROWN(checkedQuery(keys, {{"count", "four"}}), Refusal);
        QVERIFY_EXCEPTION_THROWN(checkedQuery(keys, {{"count", ""}}), Refusal);
    }

    void listsOfNumbersAreChecked() {
        using Kind = server::Parameter::Kind;
        const server::Parameter numbers{.name = "cue", .kind = Kind::numbers, .limits = {1, 2}};
        const server::Parameter rows{.name = "patterns", .kind = Kind::rows, .limits = {1, 2}};
        for (const char* right : {"[0.5]", "[1, -2]"}) {
            QVERIFY(numbers.problemOf(Json::parse(right)).empty());
            QVERIFY(rows.problemOf(Json::array({Json::parse(right), Json::array()})).empty());
        }
        for (const char* wrong : {"[]", "[1, 2, 3]", "[1, null]", "1", "{}"}) QVERIFY(!numbers.problemOf(Json::parse(wrong)).empty());
        for (const char* wrong : {"[]", "[1]", "[[1], [2], [3]]", "[[1], [\"2\"]]", "[[[1]]]"})
            QVERIFY(!rows.problemOf(Json::parse(wrong)).empty());
        QCOMPARE(rows.schema()["items"]["items"]["type"], Json("number"));
    }

    void whatIsNoJsonIsRefused() {
        for (const char* text : {"", "{", "{\"a\": 1, \"a\": 2}", "\xff", "nul", "{} {}"})
            QVERIFY_EXCEPTION_THROWN(parsedJson(text), Refusal);
        QVERIFY_EXCEPTION_THROWN(parsedJson(std::string(100000, '[')), Refusal);
    }

    void aStreamWakesItsReaderOnce() {
        Stream stream;
        char room[8];
        int slept = 0, woken = 0;
        const auto take = [&] {
            return stream.take(
                room, sizeof room, [&] { ++slept; }, [&] { ++woken; });
        };
        QVERIFY(take().reading == Stream::Reading::nothingYet);
        QVERIFY(stream.push("0123456789") && stream.push("ab"));
        QCOMPARE(slept, 1);
        QCOMPARE(woken, 1);
        QCOMPARE(take().bytes, std::size_t{8});
        stream.close();
        QCOMPARE(take().bytes, std::size_t{4});
        QVERIFY(take().reading == Stream::Reading::end);
        QVERIFY(!stream.push("late"));
    }

    void aStreamThatNobodyReadsIsBounded() {
        Stream stream;
        const std::string piece(Stream::most / 4, 'x');
        for (int i = 0; i < 4; ++i) QVERIFY(stream.push(piece));
        QVERIFY(!stream.push("x"));
        stream.abandon();
        QVERIFY(!stream.push("x") && stream.abandoned());
    }

    void workersDoAllThatWaitsAndNoMoreThanMay() {
        std::atomic<int> done = 0;
        std::mutex gate;
        gate.lock();
        Workers workers(1, 2);
        QVERIFY(workers.add([&] {
            const std::lock_guard lock(gate);
            ++done;
        }));
        int taken = 1;
        QVERIFY(QTest::qWaitFor(
            [&] {
                taken += workers.add([&] { ++done; }) ? 1 : 0;
                return taken == 3;
            },
            lab::patience));
        QVERIFY(!workers.add([] {}));
        gate.unlock();
        workers.end();
        QCOMPARE(done.load(), 3);
        QVERIFY(!workers.add([] {}));
    }

    void problemsHaveTheStandardsShape() {
        const Response response = problemOf(Refusal(422, Message::verbatim("no"), {{"/a", "b"}}), "/x");
        QCOMPARE(response.type, std::string("application/problem+json"));
        const Json json = Json::parse(response.body);
        QCOMPARE(json["title"], Json("Unprocessable Content"));
        QCOMPARE(json["errors"][0]["pointer"], Json("/a"));
        QCOMPARE(Json::parse(openAiError(Refusal(404, Message::verbatim("no"))).body)["error"]["message"], Json("no"));
        QVERIFY(Json::parse(openAiError(Refusal(422, Message::verbatim("no"), {{"", "of the whole"}})).body)["error"]["param"].is_null());
        QCOMPARE(pointerOf("model.attention.kernel"), std::string("/model/attention/kernel"));
    }
};

QTEST_GUILESS_MAIN(PartsTest)
#include "parts_test.moc"
