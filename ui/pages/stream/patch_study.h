#pragma once

#include <QObject>
#include <QPointer>
#include <QTimer>
#include <map>
#include <memory>
#include <optional>

#include "core/stream/patch_cells.h"
#include "ui/runs/latest_task.h"
#include "ui/runs/run.h"

namespace lab {

/// Two inputs, what is asked of them, and which run is put into which.
struct PatchCase {
    Input clean;
    std::optional<Input> corrupted = {};  ///< nothing: suggested
    int position = -1;                    ///< -1: the last one that is asked
    bool byProbability = false;
    bool intoClean = false;
    bool swapped = false;  ///< the corrupted input is taken for the clean one
    ChosenAnswers answers = {};

    bool operator==(const PatchCase&) const = default;
};

/// A way from one head into another.
struct PatchPath {
    StreamHead from, to;
    PathEnd end = PathEnd::query;

    bool operator==(const PatchPath&) const = default;
};

/// What comes back on it alone.
struct PatchPathFound {
    PatchPath path;
    double recovered = 0;
    QString error;  ///< core's sentence
};

/// Everything that is known of one case at one step.
struct PatchFound {
    std::int64_t step = 0;
    Input clean, corrupted;
    QString error;  ///< core's sentence; then there is nothing behind `likely`
    PatchQuestion question;
    int classes = 0;
    std::vector<int> likely;  ///< answers to choose from
    PatchOutcome ofClean, ofCorrupted;
    double changeByItself = 0;  ///< of the run that is patched, with its own numbers
    std::map<PatchPart, std::shared_ptr<const PatchCells>> maps;
    std::vector<PatchPathFound> paths;

    const PatchCells* map(PatchPart part) const {
        const auto found = maps.find(part);
        return found == maps.end() ? nullptr : found->second.get();
    }
};

/// Patching beside the window: maps fill in as their cells come, what was computed is kept. A hand is answered at once; newer weights of a
/// run in training wait for the map under way.
class PatchStudy : public QObject {
    Q_OBJECT

public:
    explicit PatchStudy(QObject* parent = nullptr);
    ~PatchStudy() override;

    /// Null before the first one.
    const std::shared_ptr<const PatchFound>& found() const { return m_found; }
    bool busy() const { return m_busy; }
    bool upToDate() const { return !m_busy && m_asked == m_wanted; }
    /// The map of `part` and, behind it, that of all heads.
    void look(Run* run, const CheckpointPtr& checkpoint, const PatchCase& pair, PatchPart part, const std::optional<PatchPath>& path);
    /// What is there stays; false: nothing was under way.
    bool stop();
    bool stopped() const { return m_stopped; }
    void goOn();
    void forget();

signals:
    void changed();

private:
    struct Asked {
        CheckpointPtr checkpoint;
        PatchCase pair;
        PatchPart part = PatchPart::stream;
        std::optional<PatchPath> path;
        bool operator==(const Asked&) const = default;
    };
    struct Kept {
        CheckpointPtr checkpoint;
        PatchCase pair;
        std::shared_ptr<const PatchFound> found;
    };
    class Work;
    void ask();
    void take(const Asked& of, const std::shared_ptr<const PatchFound>& found);
    void finish(double seconds);
    std::shared_ptr<const PatchFound> kept(const Asked& asked) const;

    QPointer<Run> m_run;
    QMetaObject::Connection m_reset;
    Asked m_wanted, m_asked;
    std::shared_ptr<const PatchFound> m_found;
    std::vector<Kept> m_kept;  ///< the newest last
    bool m_busy = false, m_stopped = false;
    QTimer m_rest;
    std::shared_ptr<Work> m_work;  ///< touched by the task alone
    LatestTask m_task;             ///< ends first
};

}  // namespace lab
