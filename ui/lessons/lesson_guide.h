#pragma once

#include <QObject>
#include <QPointer>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "core/lessons/revealed.h"
#include "core/lessons/run_facts.h"
#include "ui/lessons/lesson_progress.h"
#include "ui/runs/focus.h"
#include "ui/runs/latest_task.h"
#include "ui/runs/place.h"

namespace lab {

/// What a lesson asks of the window.
class LessonHost {
public:
    virtual ~LessonHost() = default;
    /// Opens the lesson's run beside what is open; null: it was not done, and the person knows why.
    virtual Run* openFor(const Lesson& lesson) = 0;
    /// A new run with these settings (JSON) changed.
    virtual Run* startWith(const Lesson& lesson, const std::map<std::string, std::string>& settings) = 0;
    virtual void look(const Place& place) = 0;
    virtual void read(const QString& input) = 0;
    /// What was open before the lesson is open again.
    virtual void comeBack() = 0;
    /// Draws the eye to these; none: to nothing.
    virtual void highlight(const std::vector<std::string>& names) = 0;
    /// The page is not to be seen.
    virtual void cover(bool covered) = 0;
};

/// Walks one lesson through: opens, shows, waits for what a person does, calculates what is right when it can be seen. Says in signals how
/// it stands; who draws it asks.
class LessonGuide : public QObject {
    Q_OBJECT

public:
    /// How a step stands.
    enum class Stage {
        asking,   ///< a prediction is wanted
        ready,    ///< nothing (more) is wanted before the act
        acting,   ///< the act is under way, or the person's turn
        looking,  ///< what came is being calculated
        done      ///< the next step may come
    };

    LessonGuide(Focus& focus, LessonHost& host, LessonProgress& progress, QObject* parent = nullptr);

    /// Another window shows the lesson from here on, as it stands.
    void setHost(LessonHost& host);
    /// From this step on; false when its run could not be opened.
    bool begin(const LessonRow& row, int step = 0);
    /// What was open comes back.
    void end();
    const LessonRow* row() const { return m_row; }
    /// Negative: a question of an earlier lesson, asked again before the first step.
    int index() const { return m_index; }
    int firstIndex() const { return -static_cast<int>(m_recalled.size()); }
    bool isRecalling() const { return m_index < 0; }
    const LessonStep& step() const;
    /// What is said at it.
    const LessonStepTexts& texts(const std::string& language) const;
    Stage stage() const { return m_stage; }
    /// What its training is for is there already.
    bool hasCome() const { return m_run && step().act && holds(step().act->until); }
    /// All steps are walked: what is to try is said.
    bool isBehindTheLast() const { return m_row && m_index >= static_cast<int>(m_row->lesson.steps.size()); }
    /// Why something did not come about; empty when nothing went wrong.
    QString problem() const { return m_problem; }
    /// What is right; nothing before it can be seen.
    const std::optional<Revealed>& right() const { return m_right; }
    /// What the person predicted so far.
    const std::optional<Revealed>& said() const { return m_said; }
    /// How many numbers the step's bars or curve wants; 1 where that cannot be known beforehand.
    std::size_t count() const;

    /// It is about to go; if it is the lesson's, that is said when it is needed.
    void forget(Run* run);

    /// What the person predicted so far.
    void setSaid(const std::optional<Revealed>& said);
    /// Does what the step lets a person do, in their place; then, and at once where there is nothing to do, reveals.
    void act();
    void next();
    void back();
    /// The next step without an answer.
    void skip();

signals:
    /// Another step, or another lesson.
    void stepChanged();
    void stageChanged();
    void revealed();

private:
    void enter(int index);
    void recallFor(const Lesson& lesson);
    void revealRecalled();
    void setStage(Stage stage);
    void showStep();
    void lookThere();
    void watch();
    void check();
    void reveal();
    void revealBeside();
    void take(const std::optional<Revealed>& right);
    void fail(const QString& problem);
    bool hasRun();  ///< else that is said
    bool holds(const std::string& expression) const;
    bool waitsForWindow() const;
    bool showsItsAnswer() const;
    RunFacts facts(bool shown) const;
    struct HeldFacts;
    std::shared_ptr<const HeldFacts> heldFacts() const;
    void nameNumbers(RunFacts& facts, std::int64_t step) const;

    /// A question that was answered in an earlier lesson, and what was right then.
    struct Recalled {
        const LessonRow* row;
        std::size_t place;  ///< among the lesson's steps
        LessonStep step;    ///< the question alone
        Revealed right;
    };
    /// How a step was left when it had been revealed: it is found so again.
    struct Walked {
        std::optional<Revealed> said, right;
        QPointer<Run> run;
        std::int64_t shownStep = 0;
        Input input;
        int sample = -1;  ///< of the data; else `input` is of one's own
    };
    bool showWalked();

    const Recalled& recalled() const { return m_recalled[m_recalled.size() - static_cast<std::size_t>(-m_index)]; }

    Focus& m_focus;
    LessonHost* m_host;
    LessonProgress& m_progress;
    const LessonRow* m_row = nullptr;
    QPointer<Run> m_run;
    std::vector<Recalled> m_recalled;
    int m_index = 0;
    Stage m_stage = Stage::ready;
    bool m_busy = false;  ///< changes what is looked at: it is not asked how that stands
    QString m_problem;
    std::optional<Revealed> m_said, m_right;
    std::map<int, Walked> m_walked;  ///< by the step's index
    LatestTask m_beside;             ///< calculates what takes passes of the model; ends first
};

}  // namespace lab
