#include <QtTest>
#include <numeric>
#include <set>

#include "core/base/enum_names.h"
#include "core/base/errors.h"
#include "core/config/experiment_json.h"
#include "core/data/loaded_task.h"

using namespace lab;

namespace {

Experiment experimentFor(Kind<TaskSpec> kind, Architecture architecture, int length = 8, int symbols = 10) {
    Experiment e;
    e.task.kind = kind;
    e.task.seq_len = length;
    e.task.vocab_size = symbols;
    e.task.train_size = 500;
    e.task.validation_size = 100;
    e.task.test_size = 100;
    e.model.architecture = architecture;
    return e;
}

/// y_i by its definition, symbol by symbol.
int twin(Kind<TaskSpec> kind, const std::vector<int>& x, int symbols, int i) {
    const auto n = static_cast<int>(x.size());
    const auto at = [&](int j) { return x[static_cast<std::size_t>(j)]; };
    if (kind == "reverse") return at(n - 1 - i);
    if (kind == "swap") return i < n / 2 ? at(n / 2 + i) : at(i - n / 2);
    if (kind == "sub") return symbols - 1 - at(i);
    if (kind == "copy") return at(i);
    if (kind == "shift") return at((i + n - 1) % n);
    if (kind == "rotate") return at((i + 2 * n - 2) % n);
    if (kind == "repeat") return i + 1 < n ? at(i + 1) : -1;
    if (kind == "sort") {
        for (int value = 0, seen = 0; value < symbols; ++value) {
            seen += static_cast<int>(std::count(x.begin(), x.end(), value));
            if (seen > i) return value;
        }
    }
    return -2;
}

const std::vector<Kind<TaskSpec>> framedTasks{"reverse", "sort", "swap", "sub", "copy", "shift", "rotate"};

}  // namespace

class TasksTest : public QObject {
    Q_OBJECT

private slots:
    void answersAreThoseOfTheDefinition() {
        for (Kind<TaskSpec> kind : framedTasks) {
            for (int length : {2, 4, 16}) {
                const auto task = loadTask(experimentFor(kind, Architecture::encoder, length), {});
                for (int s = 0; s < 20; ++s) {
                    const Sample sample = task.dataset->trainSample(s);
                    QCOMPARE(static_cast<int>(sample.tokens.size()), length);
                    QCOMPARE(sample.targets.size(), sample.tokens.size());
                    QVERIFY(sample.targetTokens.empty());
                    for (int i = 0; i < length; ++i)
                        QCOMPARE(sample.targets[static_cast<std::size_t>(i)], twin(kind, sample.tokens, 10, i));
                }
            }
        }
    }

    void oneTokenAndOddLengths() {
        for (Kind<TaskSpec> kind : {"reverse", "sort", "sub", "copy", "shift", "rotate"}) {
            for (int length : {1, 3, 7}) {
                const Sample sample = loadTask(experimentFor(kind, Architecture::encoder, length), {}).dataset->testSample(0);
                for (int i = 0; i < length; ++i) QCOMPARE(sample.targets[static_cast<std::size_t>(i)], twin(kind, sample.tokens, 10, i));
            }
        }
    }

    void aDecoderReadsInputSeparatorAnswer() {
        for (Kind<TaskSpec> kind : framedTasks) {
            const auto task = loadTask(experimentFor(kind, Architecture::decoder, 6), {});
            QCOMPARE(task.experiment.model.vocab_size, std::optional(11));
            QCOMPARE(task.experiment.model.num_classes, std::optional(11));
            QCOMPARE(task.experiment.model.max_seq_len, std::optional(13));
            const Sample sample = task.dataset->trainSample(3);
            QCOMPARE(sample.tokens.size(), std::size_t{13});
            QCOMPARE(sample.tokens[6], 10);
            const std::vector<int> x(sample.tokens.begin(), sample.tokens.begin() + 6);
            for (int i = 0; i < 13; ++i) {
                const int target = sample.targets[static_cast<std::size_t>(i)];
                QCOMPARE(target, i >= 6 && i < 12 ? twin(kind, x, 10, i - 6) : -1);
                if (i > 6) QCOMPARE(sample.tokens[static_cast<std::size_t>(i)], twin(kind, x, 10, i - 7));
            }
        }
    }

    void anEncoderDecoderReadsTheAnswerOneBehind() {
        for (Kind<TaskSpec> kind : framedTasks) {
            const auto task = loadTask(experimentFor(kind, Architecture::encoder_decoder, 6), {});
            QCOMPARE(task.experiment.model.vocab_size, std::optional(11));
            const Sample sample = task.dataset->trainSample(3);
            QCOMPARE(sample.tokens.size(), std::size_t{6});
            QCOMPARE(sample.targetTokens.size(), std::size_t{6});
            QCOMPARE(sample.targetTokens[0], 10);
            for (int i = 0; i < 6; ++i) {
                QCOMPARE(sample.targets[static_cast<std::size_t>(i)], twin(kind, sample.tokens, 10, i));
                if (i > 0) QCOMPARE(sample.targetTokens[static_cast<std::size_t>(i)], sample.targets[static_cast<std::size_t>(i - 1)]);
            }
        }
    }

    /// An answer that is shorter than its input.
    void aSumIsFramedInEveryArchitecture() {
        const auto encoder = loadTask(experimentFor("add", Architecture::encoder, 6), {});
        const Sample beneath = encoder.dataset->trainSample(3);
        const std::vector<int> x = beneath.tokens;
        QCOMPARE(x.size(), std::size_t{6});
        QCOMPARE(beneath.targets.size(), std::size_t{6});
        QCOMPARE((std::vector<int>{beneath.targets.begin(), beneath.targets.begin() + 2}), (std::vector<int>{-1, -1}));
        const std::vector<int> y{beneath.targets.begin() + 2, beneath.targets.end()};
        const auto number = [](auto first, auto last) { return std::accumulate(first, last, 0, [](int n, int d) { return 10 * n + d; }); };
        QCOMPARE(number(y.begin(), y.end()), number(x.begin(), x.begin() + 3) + number(x.begin() + 3, x.end()));

        const auto decoder = loadTask(experimentFor("add", Architecture::decoder, 6), {});
        const Sample joined = decoder.dataset->trainSample(3);
        std::vector<int> whole = x;
        whole.push_back(10);
        whole.insert(whole.end(), y.begin(), y.end());
        QCOMPARE(joined.tokens, whole);
        QCOMPARE(decoder.experiment.model.max_seq_len, std::optional(11));
        QCOMPARE(joined.targets, (std::vector<int>{-1, -1, -1, -1, -1, -1, y[0], y[1], y[2], y[3], -1}));

        const Sample apart = loadTask(experimentFor("add", Architecture::encoder_decoder, 6), {}).dataset->trainSample(3);
        QCOMPARE(apart.tokens, x);
        QCOMPARE(apart.targetTokens, (std::vector<int>{10, y[0], y[1], y[2]}));
        QCOMPARE(apart.targets, y);
    }

    void repeatShowsABlockTwice() {
        const auto task = loadTask(experimentFor("repeat", Architecture::decoder, 10), {});
        QCOMPARE(task.experiment.model.vocab_size, std::optional(10));
        for (int s = 0; s < 10; ++s) {
            const Sample sample = task.dataset->trainSample(s);
            QCOMPARE(sample.tokens.size(), std::size_t{10});
            for (std::size_t i = 0; i < 5; ++i) QCOMPARE(sample.tokens[i], sample.tokens[i + 5]);
            for (int i = 0; i < 10; ++i) QCOMPARE(sample.targets[static_cast<std::size_t>(i)], twin("repeat", sample.tokens, 10, i));
        }
    }

    void samplesAreAPureFunctionOfSeedPartAndIndex() {
        const Experiment e = experimentFor("copy", Architecture::encoder, 9);
        const auto a = loadTask(e, {});
        const auto b = loadTask(e, {});
        std::set<std::vector<int>> seen;
        for (int i = 99; i >= 0; --i) {
            QCOMPARE(a.dataset->trainSample(i).tokens, b.dataset->trainSample(i).tokens);
            seen.insert(a.dataset->trainSample(i).tokens);
            seen.insert(a.dataset->validationSample(i).tokens);
            seen.insert(a.dataset->testSample(i).tokens);
        }
        QCOMPARE(seen.size(), std::size_t{300});  // 10^9 possible sequences: no two alike
        Experiment other = e;
        other.task.seed = 43;
        QVERIFY(loadTask(other, {}).dataset->trainSample(0).tokens != a.dataset->trainSample(0).tokens);
    }

    void formsAndTasksSeeTheSameInputs() {
        const auto sort = loadTask(experimentFor("sort", Architecture::encoder), {});
        const auto decoder = loadTask(experimentFor("reverse", Architecture::decoder), {});
        const std::vector<int> x = sort.dataset->trainSample(5).tokens;
        std::vector<int> y = decoder.dataset->trainSample(5).tokens;
        y.resize(x.size());
        QCOMPARE(x, y);
    }

    void symbolsAreUniform() {
        const auto task = loadTask(experimentFor("copy", Architecture::encoder, 16, 7), {});
        std::vector<int> counts(7, 0);
        for (int i = 0; i < 500; ++i) {
            for (const int token : task.dataset->trainSample(i).tokens) ++counts.at(static_cast<std::size_t>(token));
        }
        for (const int count : counts) QVERIFY(std::abs(count - 8000 / 7) < 200);  // 6 standard deviations
    }

    void impossibleTasksAreRefused() {
        QVERIFY_THROWS_EXCEPTION(InputError, loadTask(experimentFor("swap", Architecture::encoder, 7), {}));
        QVERIFY_THROWS_EXCEPTION(InputError, loadTask(experimentFor("add", Architecture::encoder, 7), {}));
        QVERIFY_THROWS_EXCEPTION(InputError, loadTask(experimentFor("repeat", Architecture::encoder, 8), {}));
    }
};

QTEST_APPLESS_MAIN(TasksTest)
#include "tasks_test.moc"
