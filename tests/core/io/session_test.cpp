#include "core/io/session_file.h"

#include <QtTest>
#include <cmath>
#include <cstring>
#include <exception>
#include <fstream>
#include <limits>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/config/experiment_json.h"
#include "core/config/validation.h"
#include "core/optimizers/adapter_merge.h"

#ifdef Q_OS_UNIX
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

using namespace lab;

namespace {

/// 64 weights of two parameters; the files here need no more of a model.
std::shared_ptr<const ParameterLayout> someLayout(const Experiment&) {
    auto layout = std::make_shared<ParameterLayout>();
    layout->add("token_embedding.weight", {10, 4}, ParameterRole::linear, 4, 10);
    layout->add("output.projection.weight", {2, 8}, ParameterRole::linear, 2, 8);
    return layout;
}

Experiment someExperiment(int steps) {
    Experiment experiment = parseExperiment(R"({"format": "attention-lab/experiment", "version": 1})");
    experiment.name = "a run";
    experiment.training.steps = steps;
    return resolved(experiment);
}

/// Gaps stay zero, as everywhere.
std::shared_ptr<const Weights> someWeights(float scale) {
    const auto layout = someLayout({});
    Weights weights(layout->flatSize(), 0.0f);
    for (const Parameter& parameter : layout->parameters())
        for (std::size_t i = 0; i < parameter.size; ++i) weights[parameter.offset + i] = scale * 0.1f + static_cast<float>(i) / 3.0f;
    return std::make_shared<const Weights>(std::move(weights));
}

TrainingStatePtr someState(std::int64_t step, bool second = true) {
    const auto scale = static_cast<float>(step);
    return std::make_shared<const TrainingState>(
        TrainingState{*someWeights(scale), *someWeights(scale + 0.5f), second ? *someWeights(scale + 0.7f) : Weights(), step});
}

/// Of a run from step 3 to 3 + rows.
SessionRun someRun(const std::string& name, int rows, bool second = true) {
    SessionRun run;
    run.name = name;
    run.experiment = someExperiment(1000);
    if (!second) run.experiment.training.optimizer.kind = "sgd";
    run.layout = someLayout({});
    run.present = someState(3 + rows, second);
    run.past.firstStep = 3;
    for (int step = 3; step <= 3 + rows; step += 2) run.past.moments.push_back({step, someWeights(static_cast<float>(step))});
    run.past.states.push_back(someState(3, second));
    if (rows > 4) run.past.states.push_back(someState(7, second));
    run.past.pins[3] = "three \u00B7 \"quoted\"";
    for (int i = 0; i < rows; ++i)
        run.past.rows.push_back({std::exp(-i * 0.731), 1.0 / (i + 3), std::numeric_limits<double>::quiet_NaN(), 3e-5 * i});
    run.notes["path"] = "/somewhere/" + name;
    return run;
}

/// The same of adapters of rank 2 on its first matrix; the state where it began has no moments yet.
SessionRun someAdaptedRun(const std::string& name, int rows) {
    SessionRun run = someRun(name, rows);
    run.experiment.training.adapters.rank = 2;
    const auto layout = someLayout({});
    const auto base = std::make_shared<const AdapterBase>(*layout, std::vector<std::size_t>{0}, 2,
                                                          run.experiment.training.adapters.factor(), *someWeights(0.3f));
    const auto filled = [&](float first) {  // gaps stay zero
        Weights numbers(base->layout.flatSize(), 0.0f);
        for (const Parameter& p : base->layout.parameters())
            for (std::size_t i = 0; i < p.size; ++i) at(numbers, p)[i] = first + static_cast<float>(i) / 7;
        return numbers;
    };
    const auto state = [&](std::int64_t step, bool moments) {
        TrainingState s{{}, {}, {}, step, {}, base, filled(static_cast<float>(step))};
        s.weights = mergedWeights(*base, s.adapters);
        if (moments) s.firstMoment = s.secondMoment = filled(0.125f);
        return std::make_shared<const TrainingState>(std::move(s));
    };
    run.present = state(3 + rows, true);
    run.past.states = {state(3, false), state(5, true)};
    return run;
}

SessionFile someSession(int rows) {
    SessionFile session;
    session.runs = {someRun("parent", rows), someRun("branch", rows + 1, false), someRun("third", 0)};
    session.runs[1].origin = SessionRun::Origin{"parent", 3};
    session.runs[1].tokenizer.words = {"zero", "eins", "\u4E8C"};
    session.shown = 1;
    session.window = R"({"page":"maps"})";
    return session;
}

bool sameBits(const Weights& a, const Weights& b) {
    return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0);
}

void compareStates(const TrainingState& a, const TrainingState& b) {
    QCOMPARE(a.step, b.step);
    QVERIFY(sameBits(a.weights, b.weights) && sameBits(a.firstMoment, b.firstMoment) && sameBits(a.secondMoment, b.secondMoment));
}

void comparePasts(const SessionPast& a, const SessionPast& b) {
    QCOMPARE(a.firstStep, b.firstStep);
    QCOMPARE(a.pins, b.pins);
    QCOMPARE(a.moments.size(), b.moments.size());
    for (std::size_t i = 0; i < a.moments.size(); ++i) {
        QCOMPARE(a.moments[i].step, b.moments[i].step);
        QVERIFY(sameBits(*a.moments[i].weights, *b.moments[i].weights));
    }
    QCOMPARE(a.states.size(), b.states.size());
    for (std::size_t i = 0; i < a.states.size(); ++i) compareStates(*a.states[i], *b.states[i]);
    QCOMPARE(a.rows.size(), b.rows.size());
    for (std::size_t i = 0; i < a.rows.size(); ++i)
        for (std::size_t c = 0; c < a.rows[i].size(); ++c)
            QVERIFY(a.rows[i][c] == b.rows[i][c] || (std::isnan(a.rows[i][c]) && std::isnan(b.rows[i][c])));
}

/// The file's header and data, to be changed and written again.
struct Bytes {
    std::string header;
    std::string data;

    explicit Bytes(const std::string& file) {
        std::uint64_t length = 0;
        std::memcpy(&length, file.data(), sizeof length);
        header = file.substr(sizeof length, length);
        data = file.substr(sizeof length + length);
    }
    std::string whole() const {
        const std::uint64_t length = header.size();
        std::string file(sizeof length, '\0');
        std::memcpy(file.data(), &length, sizeof length);
        return file + header + data;
    }
};

void writeBytes(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

/// Numbers without a clock: the same test every time.
class Dice {
public:
    std::size_t below(std::size_t limit) {
        m_state = m_state * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<std::size_t>(m_state >> 33) % limit;
    }

private:
    std::uint64_t m_state = 1;
};

}  // namespace

class SessionTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::filesystem::path file(const char* name) const { return std::filesystem::path(m_folder.path().toStdString()) / name; }
    static SessionFile read(const std::filesystem::path& path) { return sessionOf(readCheckpoint(path), someLayout); }

    /// It opens, or one sentence says which file and what is wrong with it.
    static QString outcome(const std::filesystem::path& path) {
        QString said;
        try {
            (void)read(path);
        } catch (const InputError& error) {
            said = QString::fromUtf8(error.what());
        } catch (const std::exception& error) {
            return QStringLiteral("no sentence, but: %1").arg(error.what());
        }
        try {
            (void)readSessionSummary(path);
        } catch (const InputError& error) {
            if (said.isEmpty()) return QStringLiteral("the summary alone is refused: %1").arg(error.what());
        }
        if (said.isEmpty()) return said;
        const QString name = QString::fromStdString(utf8Text(path));
        return said.startsWith(name + QStringLiteral(": ")) && !said.contains(QLatin1Char('\n')) && said.size() < 2000
                   ? QString()
                   : QStringLiteral("no sentence about the file: %1").arg(said);
    }

private slots:
    void comesBackToTheLastBit() {
        const SessionFile session = someSession(40);
        writeSession(file("a.safetensors"), session);
        const SessionFile again = read(file("a.safetensors"));
        QCOMPARE(again.shown, std::size_t{1});
        QCOMPARE(again.window, session.window);
        QCOMPARE(again.runs.size(), session.runs.size());
        for (std::size_t i = 0; i < session.runs.size(); ++i) {
            QCOMPARE(again.runs[i].name, session.runs[i].name);
            QCOMPARE(again.runs[i].origin, session.runs[i].origin);
            QCOMPARE(again.runs[i].tokenizer.words, session.runs[i].tokenizer.words);
            QCOMPARE(again.runs[i].notes, session.runs[i].notes);
            QCOMPARE(again.runs[i].experiment.training.steps, 1000);
            compareStates(*again.runs[i].present, *session.runs[i].present);
            comparePasts(again.runs[i].past, session.runs[i].past);
        }
    }

    /// Of the run shown, whose state is that of a checkpoint, and of another one.
    void adaptersComeBackToTheLastBit() {
        for (const std::size_t shown : {0u, 1u}) {
            SessionFile session;
            session.runs = {someAdaptedRun("adapted", 6), someRun("whole", 6)};
            session.shown = shown;
            writeSession(file("adapters.safetensors"), session);
            const SessionFile again = read(file("adapters.safetensors"));
            const SessionRun &before = session.runs[0], &after = again.runs.at(0);
            compareStates(*after.present, *before.present);
            QVERIFY(after.present->hasAdapters() && !again.runs.at(1).present->hasAdapters());
            QVERIFY(sameBits(after.present->adapters, before.present->adapters));
            const Parameter& adapted = (*someLayout({}))[0];
            QVERIFY(std::equal(at(after.present->base->weights, adapted), at(after.present->base->weights, adapted) + adapted.size,
                               at(before.present->base->weights, adapted)));
            QCOMPARE(after.past.states.size(), before.past.states.size());
            for (std::size_t i = 0; i < 2; ++i) {
                const TrainingState &was = *before.past.states[i], &is = *after.past.states[i];
                QVERIFY(is.base == after.present->base);
                QVERIFY(sameBits(is.weights, was.weights) && sameBits(is.adapters, was.adapters));
                const Weights zeros(was.adapters.size(), 0.0f);
                QVERIFY(sameBits(is.firstMoment, was.firstMoment.empty() ? zeros : was.firstMoment));
            }
        }
    }

    /// A model that was looked at, never trained: a state of weights alone.
    void weightsWithoutMomentsComeBack() {
        SessionFile session;
        session.runs = {someRun("shown", 0), someRun("other", 0)};
        for (SessionRun& run : session.runs) {
            run.past = {};
            run.present = std::make_shared<const TrainingState>(TrainingState{*someWeights(1), {}, {}, 0});
            run.past.states = {run.present};
        }
        writeSession(file("looked.safetensors"), session);
        const SessionFile again = read(file("looked.safetensors"));
        for (const SessionRun& run : again.runs) {
            compareStates(*run.present, *session.runs[0].present);
            compareStates(*run.past.states.at(0), *session.runs[0].present);
        }
    }

    void adaptersOfNoMatrixAreRefused() {
        SessionFile session;
        session.runs = {someAdaptedRun("adapted", 6), someRun("whole", 6)};
        session.shown = 1;
        writeSession(file("sound.safetensors"), session);
        Bytes bytes(readFile(file("sound.safetensors")));
        for (const char* part : {".base", ".matrices"}) {
            Bytes changed = bytes;
            const std::size_t at = changed.header.find(std::string("session.run.0.present") + part);
            QVERIFY2(at != std::string::npos, part);
            changed.header.replace(at, 7, "sessiom");
            writeBytes(file("changed.safetensors"), changed.whole());
            QVERIFY2(outcome(file("changed.safetensors")).isEmpty(), qPrintable(outcome(file("changed.safetensors"))));
        }
    }

    void writingWhatWasReadGivesTheSameBytes() {
        writeSession(file("once.safetensors"), someSession(11));
        writeSession(file("twice.safetensors"), read(file("once.safetensors")));
        QVERIFY(readFile(file("once.safetensors")) == readFile(file("twice.safetensors")));
    }

    void theSummaryNeedsTheHeaderAlone() {
        writeSession(file("whole.safetensors"), someSession(5));
        Bytes bytes(readFile(file("whole.safetensors")));
        bytes.data.clear();
        writeBytes(file("head.safetensors"), bytes.whole());
        const SessionSummary summary = readSessionSummary(file("head.safetensors"));
        QCOMPARE(summary.name, std::string("branch"));
        QCOMPARE(summary.step, 9);
        QCOMPARE(summary.steps, 1000);
        QCOMPARE(summary.runs, std::size_t{3});
        QVERIFY(summary.isSession);
        QVERIFY_THROWS_EXCEPTION(InputError, readSessionSummary(file("none.safetensors")));
    }

    void itIsATrainingStateToThoseWhoKnowNoSessions() {
        const SessionFile session = someSession(6);
        writeSession(file("state.safetensors"), session);
        const CheckpointFile checkpoint = readCheckpoint(file("state.safetensors"));
        QVERIFY(checkpoint.isState());
        QVERIFY(weightsOf(checkpoint, *someLayout({})) == session.runs[1].present->weights);
        compareStates(trainingStateOf(checkpoint, *someLayout({}), *Kind<UpdateRule>("sgd")), *session.runs[1].present);
    }

    void whatContradictsItselfIsSaidWithItsPlace_data() {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QByteArray>("place");
        const auto row = [](const char* name, const char* from, const char* to, const char* place) {
            QTest::newRow(name) << QByteArray(from) << QByteArray(to) << QByteArray(place);
        };
        row("kept descends", R"(\"kept\":[3,5,7,9])", R"(\"kept\":[3,7,5,9])", "kept must be ascending");
        row("kept is no list", R"(\"kept\":[3,5,7,9])", R"(\"kept\":true)", "kept is no list");
        row("one kept more", R"(\"kept\":[3,5,7,9])", R"(\"kept\":[3,5,7,8,9])", "session.weights");
        row("kept beyond the present", R"(\"kept\":[3,5,7,9])", R"(\"kept\":[3,5,7,99])", "99");
        row("a step too many", R"(\"first_step\":3)", R"(\"first_step\":4)", "records end at step");
        row("negative", R"(\"first_step\":3)", R"(\"first_step\":-3)", "first_step");
        row("huge step", R"(\"first_step\":3)", R"(\"first_step\":99999999999999999999)", "first_step");
        row("NaN", R"(\"first_step\":3)", R"(\"first_step\":NaN)", "attention_lab.session");
        row("shown", R"(\"shown\":1)", R"(\"shown\":7)", "shown names none");
        row("name", R"(\"name\":\"third\")", R"(\"name\":3)", "run 2: name");
        row("other's step", R"(\"step\":3,\"vocabulary\")", R"(\"step\":4,\"vocabulary\")", "");
        row("other's step is no number", R"(\"step\":3,\"vocabulary\")", R"(\"step\":\"3\",\"vocabulary\")", "run 2: step");
        row("pin without a name", R"(\"3\":\"three)", R"(\"3\":1,\"4\":\"three)", "pin of step 3");
        row("origin", R"(\"parent\":\"parent\")", R"(\"parents\":\"parent\")", "origin: parent is missing");
        row("another's tensor", "session.run.2.present", "session.run.9.present", "session.run.2.present is missing");
        row("key twice", R"(\"shown\":1)", R"(\"shown\":1,\"shown\":1)", "shown");
    }
    void whatContradictsItselfIsSaidWithItsPlace() {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(QByteArray, place);
        writeSession(file("sound.safetensors"), someSession(5));
        Bytes bytes(readFile(file("sound.safetensors")));
        const std::size_t at = bytes.header.find(from.toStdString());
        QVERIFY2(at != std::string::npos, bytes.header.c_str());
        bytes.header.replace(at, static_cast<std::size_t>(from.size()), to.toStdString());
        writeBytes(file("changed.safetensors"), bytes.whole());
        QVERIFY2(outcome(file("changed.safetensors")).isEmpty(), qPrintable(outcome(file("changed.safetensors"))));
        if (place.isEmpty()) return;
        try {
            (void)read(file("changed.safetensors"));
            QFAIL("it was read");
        } catch (const InputError& error) {
            QVERIFY2(QByteArray(error.what()).contains(place), error.what());
        }
    }

    void weightsThatAreNoNumbersAreRefused() {
        for (const char* name : {"session.weights", "session.states", "session.run.0.present"}) {
            SessionFile session = someSession(5);
            auto bad = std::make_shared<Weights>(*session.runs[1].past.moments[1].weights);
            (*bad)[5] = std::numeric_limits<float>::quiet_NaN();
            if (std::string(name) == "session.weights") session.runs[1].past.moments[1].weights = bad;
            const auto with = [&](const TrainingStatePtr& state, Weights TrainingState::*part) {
                TrainingState changed = *state;
                changed.*part = *bad;
                return std::make_shared<const TrainingState>(std::move(changed));
            };
            SessionRun &shown = session.runs[1], &other = session.runs[0];
            if (std::string(name) == "session.states") shown.past.states[0] = with(shown.past.states[0], &TrainingState::firstMoment);
            if (std::string(name) == "session.run.0.present") other.present = with(other.present, &TrainingState::weights);
            writeSession(file("nan.safetensors"), session);
            try {
                (void)read(file("nan.safetensors"));
                QFAIL(name);
            } catch (const InputError& error) {
                QVERIFY2(QByteArray(error.what()).contains(name) && QByteArray(error.what()).contains("not finite"), error.what());
            }
        }
    }

    void aRunThatIsNotSoundCostsNoOther() {
        for (const std::size_t broken : {0u, 1u}) {
            SessionFile session = someSession(5);
            TrainingState state = *session.runs[broken].present;
            state.weights[5] = std::numeric_limits<float>::quiet_NaN();
            session.runs[broken].present = std::make_shared<const TrainingState>(std::move(state));
            writeSession(file("half.safetensors"), session);
            std::vector<Message> lost;
            const SessionFile half = soundRunsOf(readCheckpoint(file("half.safetensors")), someLayout, lost);
            QCOMPARE(lost.size(), std::size_t(1));
            QCOMPARE(half.runs.size(), session.runs.size() - 1);
            QCOMPARE(half.runs[half.shown].name, session.runs[1 - broken].name);
        }
    }

    /// Rows without columns would cost the file nothing and the reader everything.
    void rowsWithoutColumnsAreRefused() {
        writeSession(file("rows.safetensors"), someSession(5));
        Bytes bytes(readFile(file("rows.safetensors")));
        const std::string shape = "\"shape\":[6,4,3]";
        const std::size_t at = bytes.header.find(shape);
        QVERIFY(at != std::string::npos);
        bytes.header.replace(at, shape.size(), "\"shape\":[4611686018427387904,0,3]");
        writeBytes(file("rows2.safetensors"), bytes.whole());
        QVERIFY_THROWS_EXCEPTION(InputError, read(file("rows2.safetensors")));
        QVERIFY(outcome(file("rows2.safetensors")).isEmpty());
    }

    /// Cut anywhere, a byte changed anywhere, a piece doubled, a length that lies: opened or refused in one sentence, never more.
    void aThousandDamagedFilesEachGetASentence() {
        writeSession(file("sound.safetensors"), someSession(5));
        const std::string sound = readFile(file("sound.safetensors"));
        const std::size_t headerEnd = 8 + Bytes(sound).header.size();
        Dice dice;
        for (int round = 0; round < 1000; ++round) {
            std::string bytes = sound;
            const std::size_t place = round % 2 == 0 ? dice.below(headerEnd) : dice.below(bytes.size());
            switch (round % 5) {
                case 0:
                    bytes.resize(place);
                    break;
                case 1:
                    bytes[place] = static_cast<char>(dice.below(256));
                    break;
                case 2:
                    bytes.insert(place, bytes.substr(dice.below(headerEnd), dice.below(60)));
                    break;
                case 3:
                    bytes.erase(place, dice.below(60));
                    break;
                default:
                    // A digit of the header: sizes, offsets, steps.
                    for (std::size_t at = place; at < headerEnd; ++at)
                        if (bytes[at] >= '0' && bytes[at] <= '9') {
                            bytes[at] = static_cast<char>('0' + dice.below(10));
                            break;
                        }
            }
            writeBytes(file("damaged.safetensors"), bytes);
            const QString problem = outcome(file("damaged.safetensors"));
            QVERIFY2(problem.isEmpty(), qPrintable(QStringLiteral("round %1: %2").arg(round).arg(problem)));
        }
    }

    /// A process that saves without end is killed at 200 random moments: what was saved before always opens, whole.
    void killedWhileSavingLosesNothingThatWasSaved() {
#ifndef Q_OS_UNIX
        QSKIP("needs kill");
#else
        const auto path = file("killed.safetensors");
        writeSession(path, someSession(1));
        std::size_t last = 1;
        for (int round = 0; round < 200; ++round) {
            const pid_t child = ::fork();
            if (child == 0) {
                for (std::size_t rows = last + 1;; ++rows) writeSession(path, someSession(static_cast<int>(rows)));
            }
            ::usleep(static_cast<useconds_t>(round * 7919 % 4001));
            ::kill(child, SIGKILL);
            ::waitpid(child, nullptr, 0);
            const SessionFile session = read(path);
            QVERIFY(session.runs[0].past.rows.size() >= last);
            QCOMPARE(session.runs.size(), std::size_t{3});
            last = session.runs[0].past.rows.size() > 500 ? 1 : session.runs[0].past.rows.size();
            if (last == 1) writeSession(path, someSession(1));
        }
        QVERIFY(read(path).runs[1].past.pins.contains(3));
#endif
    }
};

QTEST_APPLESS_MAIN(SessionTest)
#include "session_test.moc"
