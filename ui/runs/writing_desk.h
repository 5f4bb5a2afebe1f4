#pragma once

#include <QObject>
#include <QString>
#include <memory>
#include <vector>

#include "core/training/history.h"
#include "core/writing/text_writer.h"

namespace lab {

class Run;

/// The dataset's tokenizer, which keeps the dataset.
std::shared_ptr<const Tokenizer> tokenizerOf(const Run& run);

/// What is to be written, and by whom.
struct WritingQuestion {
    std::shared_ptr<const Model> model;
    CheckpointPtr checkpoint;
    std::shared_ptr<const Tokenizer> tokenizer;
    std::string prompt;
    WritingOptions options{};

    bool operator==(const WritingQuestion&) const = default;
};

/// What the run's model would write behind a prompt, opened as its task and tokenizer want it. `checkpoint` may be null.
WritingQuestion questionOf(const Run& run, CheckpointPtr checkpoint, const QString& prompt);

/// Writes texts off the GUI thread, token by token; the latest question wins. While one is worked on the tokens before stay, until those of
/// the same place are there.
class WritingDesk : public QObject {
    Q_OBJECT

public:
    explicit WritingDesk(QObject* parent = nullptr);
    ~WritingDesk() override;

    /// The same question as last time is not worked on again.
    void ask(WritingQuestion question);
    /// What is written stays as it is.
    void stop();
    /// Nothing is written and nothing known.
    void forget();

    const std::vector<int>& prompt() const;               ///< its tokens
    const std::vector<std::string>& promptTexts() const;  ///< what each of them adds to the text
    const std::vector<WrittenToken>& written() const;
    /// How many of them are of the present question; behind them stand those of the one before.
    std::size_t fresh() const;
    bool busy() const;
    /// Why nothing is written; else empty.
    const QString& problem() const;
    double tokensPerSecond() const;  ///< of the last text; 0 before the first
    std::size_t cacheBytes() const;
    int window() const;

signals:
    void changed();

private:
    class Private;
    std::unique_ptr<Private> d;
};

/// The text that the model of a moment writes.
struct SampleOfStep {
    CheckpointPtr checkpoint;
    QString text;  ///< behind the prompt
};

/// What a model wrote at moments of its training, with the same prompt, the same seed and of the same length; off the GUI thread, what is
/// known is not written again.
class SampleLog : public QObject {
    Q_OBJECT

public:
    explicit SampleLog(QObject* parent = nullptr);
    ~SampleLog() override;

    /// The question's own checkpoint plays no part.
    void ask(const WritingQuestion& question, std::vector<CheckpointPtr> moments);
    /// Of the newest list, as far as they have come; in its order.
    const std::vector<SampleOfStep>& samples() const;
    bool ready() const;
    /// While a training runs: uses at most a tenth of one processor.
    void setThrifty(bool thrifty);

signals:
    void changed();

private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace lab
