#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QPointer>
#include <QTimer>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "core/analysis/coach.h"
#include "ui/runs/focus.h"
#include "ui/runs/head_measure.h"

namespace lab {

class NoticeStrip;

/// Says on a strip what is worth a sentence while the run shown trains (core/analysis/coach.h): each thing once a run, of heads that do
/// the same the first, one at a time, until it is closed or another run is shown.
class Coach : public QObject {
    Q_OBJECT

public:
    Coach(Focus& focus, NoticeStrip& strip, QObject* parent = nullptr);

    /// Something else that can be read in peace.
    void say(const QString& sentence, const QString& detail);

private:
    void watchRun();
    void begin();
    void forgetHeads();
    void look();
    void lookAtHeads();
    void noteHeads();
    void takeRecords();
    void keepTrue();
    std::pair<QString, QString> wordsOf(const Advice& advice) const;
    std::pair<QString, QString> wordsOfHead(const Advice& advice) const;

    Focus& m_focus;
    NoticeStrip& m_strip;
    QPointer<Run> m_run;
    std::vector<QMetaObject::Connection> m_connections;
    TrainingStory m_story;
    std::size_t m_taken = 0;      ///< records of the run that are in the story
    std::size_t m_evaluated = 0;  ///< of these, up to the last validation
    double m_lossSince = 0;       ///< sum of the training losses behind it
    std::set<std::pair<AdviceKind, int>> m_said;
    bool m_isOfRun = false;                ///< what is said last
    std::optional<AdviceKind> m_standing;  ///< that it is, of what may cease to be true
    QElapsedTimer m_sinceSaid;
    QTimer m_rests;
    HeadMeasure m_measure;
};

}  // namespace lab
