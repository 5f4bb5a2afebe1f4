#pragma once

#include <QObject>
#include <memory>
#include <vector>

#include "core/model/model.h"
#include "core/training/history.h"

namespace lab {

class Dataset;

/// Which samples a model of one moment gets most wrong.
struct RankingQuestion {
    std::shared_ptr<const Model> model;
    CheckpointPtr checkpoint;
    std::shared_ptr<const Dataset> dataset;
    bool validation = true;  ///< else training samples

    bool operator==(const RankingQuestion&) const = default;
};

/// Its loss on samples, those with the largest loss first, computed beside the window. A question under way is finished; of those that come
/// meanwhile the newest is next.
class SampleRanking : public QObject {
    Q_OBJECT

public:
    explicit SampleRanking(QObject* parent = nullptr);
    ~SampleRanking() override;

    struct Ranked {
        int index = 0;
        double loss = 0;
        // Where vectors are answered with classes:
        int asked = 0, right = 0;   ///< positions
        int said = -1, truth = -1;  ///< at the last of them

        bool operator==(const Ranked&) const = default;
    };

    void ask(const RankingQuestion& question);
    /// Of the newest question that is answered; equal losses by index.
    const std::vector<Ranked>& ranked() const;
    const RankingQuestion& answeredQuestion() const;
    void forget();
    void setThrifty(bool thrifty);
    bool ready() const;

    /// Samples looked at: the first of their set.
    static constexpr int mostSamples = 1000;

signals:
    void answered();

private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace lab
