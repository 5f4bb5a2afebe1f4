#pragma once

#include <QObject>
#include <memory>
#include <optional>
#include <vector>

#include "core/model/model.h"
#include "core/training/history.h"

namespace lab {

/// What does the model of this moment say to this input?
struct PredictionQuestion {
    CheckpointPtr checkpoint;
    Input input;
    int tag = 0;  ///< the asker's own: which row it is for

    bool operator==(const PredictionQuestion&) const = default;
};

struct PredictionAnswer {
    PredictionQuestion question;
    std::vector<int> predicted;    ///< as core/model/decoding.h answer(); empty when the model cannot take the input
    std::vector<float> numbers{};  ///< [positions, outputs] of a model that answers numbers
    std::optional<double> loss{};  ///< where the right answer is known and the model reads vectors
};

/// Answers lists of such questions off the GUI thread. A list in work is finished, of those that wait only the latest is kept; what the
/// list before already answered is not computed again.
class PredictionLog : public QObject {
    Q_OBJECT

public:
    explicit PredictionLog(QObject* parent = nullptr);
    ~PredictionLog() override;

    /// The same list as last time is not worked on again.
    void ask(std::shared_ptr<const Model> model, std::vector<PredictionQuestion> questions);
    /// Of the newest list that is answered, in its order; whole lists only.
    const std::vector<PredictionAnswer>& answers() const;
    /// Drops the answers and whatever is in work.
    void forget();
    /// While a training runs: uses at most a tenth of one processor.
    void setThrifty(bool thrifty);
    /// The answers are those to the newest list asked.
    bool ready() const;

signals:
    void answered();

private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace lab
