#pragma once

#include <QObject>
#include <QPointer>
#include <QTimer>
#include <memory>
#include <optional>

#include "core/stream/attribution.h"
#include "core/stream/depth.h"
#include "ui/runs/latest_task.h"
#include "ui/runs/run.h"

namespace lab {

/// Which logit is taken apart.
struct LensQuestion {
    int position = -1;                              ///< -1: the last one of which something is asked
    bool againstOther = false;                      ///< less the logit of `other`, else less the mean of all
    int other = -1;                                 ///< -1: the likeliest of those that are not the answer
    std::optional<std::pair<int, int>> split = {};  ///< block and head whose part is split by source token

    bool operator==(const LensQuestion&) const = default;
};

/// What every state of the stream of one input says, and what the answer at one position is made of. Computed beside the window; of several
/// questions the newest is answered, and the old answer stays until then.
class LensStudy : public QObject {
    Q_OBJECT

public:
    explicit LensStudy(QObject* parent = nullptr);
    ~LensStudy() override;

    struct Found {
        std::int64_t step = 0;
        Input input;
        std::shared_ptr<const Lens> lens;  ///< null: see error
        QString error;                     ///< core's sentence
        LogitQuestion question;            ///< as it was answered
        DepthCourse course;                ///< at its position
        std::optional<Attribution> attribution;
        QString attributionError;
    };
    /// Null before the first one.
    const std::shared_ptr<const Found>& found() const { return m_found; }
    /// Of a lens that is being read: how many places of how many. Both 0: none is.
    std::pair<int, int> placesRead() const { return m_placesRead; }
    bool upToDate() const { return !m_busy && m_asked == m_wanted; }
    void look(Run* run, const CheckpointPtr& checkpoint, const Input& input, const LensQuestion& question);
    void forget();

signals:
    void changed();

private:
    struct Asked {
        CheckpointPtr checkpoint;
        Input input;
        LensQuestion question;
        bool operator==(const Asked&) const = default;
    };
    class Work;
    void ask();
    void takeProgress(int read, int all);
    void take(std::shared_ptr<const Found> found, double seconds);

    QPointer<Run> m_run;
    QMetaObject::Connection m_reset;
    Asked m_wanted, m_asked;
    std::shared_ptr<const Found> m_found;
    std::pair<int, int> m_placesRead;
    bool m_busy = false;
    QTimer m_rest;
    std::shared_ptr<Work> m_work;  ///< touched by the task alone
    LatestTask m_task;             ///< ends first
};

}  // namespace lab
