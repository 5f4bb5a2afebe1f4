#include "core/data/guessing.h"

#include <QtTest>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "core/data/loaded_task.h"

using namespace lab;

namespace {

Guesses guessesFor(const char* kind, int seqLen, Architecture architecture = Architecture::encoder) {
    Experiment experiment;
    experiment.task.kind = kind;
    experiment.task.seq_len = seqLen;
    experiment.model.architecture = architecture;
    const LoadedTask task = loadTask(experiment, {});
    return guessesOf(task.experiment, *task.dataset);
}

/// Mean over the places i of the largest probability of x_(i), the i-th smallest of n digits.
double sortByPlace(int n) {
    const auto atMost = [n](int digit, int i) {  // P(x_(i) <= digit): more than i of n are
        const double p = (digit + 1) / 10.0;
        double sum = 0.0;
        for (int k = i + 1; k <= n; ++k)
            sum += p >= 1.0 ? (k == n ? 1.0 : 0.0)
                            : std::exp(std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0) + k * std::log(p) +
                                       (n - k) * std::log1p(-p));
        return sum;
    };
    double sum = 0.0;
    for (int i = 0; i < n; ++i) {
        double best = 0.0;
        for (int digit = 0; digit < 10; ++digit) best = std::max(best, atMost(digit, i) - (digit > 0 ? atMost(digit - 1, i) : 0.0));
        sum += best;
    }
    return sum / n;
}

}  // namespace

class GuessingTest : public QObject {
    Q_OBJECT

private slots:
    /// A decoder's and an encoder-decoder's eleventh class is SEP or BOS, which is no answer.
    void aUniformGuessChoosesAmongTheAnswers() {
        for (const auto architecture : {Architecture::encoder, Architecture::decoder, Architecture::encoder_decoder}) {
            const Guesses guesses = guessesFor("reverse", 8, architecture);
            QCOMPARE(guesses.choices, 10);
            QCOMPARE(guesses.uniform.loss, std::log(10.0));
            QCOMPARE(guesses.uniform.accuracy, 0.1);
            QVERIFY(!guesses.commonest && !guesses.byPlace);  // all digits are equally likely everywhere
        }
    }

    /// 34 % at 8, 42 % at 16, 64 % at 64: by the order statistics of uniform digits.
    void sortIsHalfKnownByPlace() {
        for (const auto& [n, percent] : {std::pair{8, 34}, {16, 42}, {64, 64}}) {
            const Guesses guesses = guessesFor("sort", n);
            QVERIFY(!guesses.commonest);
            QVERIFY(guesses.byPlace.has_value());
            QCOMPARE(std::lround(100 * sortByPlace(n)), percent);
            QVERIFY2(std::abs(guesses.byPlace->accuracy - sortByPlace(n)) < 0.01, qPrintable(QString::number(guesses.byPlace->accuracy)));
            QVERIFY(guesses.byPlace->loss < guesses.uniform.loss);
            QCOMPARE(guessesFor("sort", n), guesses);
        }
    }

    void thePlaceIsThatOfTheAnswerInADecoderToo() {
        const Guesses guesses = guessesFor("sort", 16, Architecture::decoder);
        QVERIFY(guesses.byPlace && std::abs(guesses.byPlace->accuracy - sortByPlace(16)) < 0.01);
    }

    /// Of pairs the commonest class may be most of it.
    void pairsHaveACommonestAnswer() {
        const auto folder = std::filesystem::temp_directory_path() / "attention_lab_guessing_test";
        std::filesystem::create_directories(folder);
        {
            std::ofstream file(folder / "pairs.tsv");
            for (int line = 0; line < 200; ++line) file << line % 3 << " " << line % 5 << "\t" << (line / 2 % 4 == 0 ? 1 : 0) << " -1\n";
        }
        Experiment experiment;
        experiment.task.kind = "pairs";
        experiment.task.path = "pairs.tsv";
        experiment.training.batch_size = 8;
        const LoadedTask task = loadTask(experiment, folder);
        const Guesses guesses = guessesOf(task.experiment, *task.dataset);
        std::filesystem::remove_all(folder);
        QCOMPARE(guesses.choices, 2);
        QVERIFY(guesses.commonest && guesses.commonest->accuracy > 0.7);
        QVERIFY(!guesses.byPlace);  // one place only: no better
    }
};

QTEST_APPLESS_MAIN(GuessingTest)
#include "guessing_test.moc"
