#pragma once

#include "ui/pages/codes/learned_words.h"
#include "ui/pages/page_tab.h"
#include "ui/runs/code_history.h"
#include "ui/runs/code_study.h"
#include "ui/scenes/parts_figure.h"

class QGridLayout;

namespace lab {

class Button;
class CourseView;
class ElidedLabel;
class EmptyState;
class PanelFrame;
class SlotsView;
class TrainingTable;
class Workspace;
class WrappedText;
struct TrainingColumn;

/// How a learned code came about, and what it is worth at the shown step: when it became readable and nearly injective, what one changed
/// symbol and one changed slot do, sequences of other lengths, its number beside Gödel's, and where the slots look.
class CodesTrainingTab : public PageTab {
    Q_OBJECT

public:
    CodesTrainingTab(Focus& focus, Workspace& workspace, QWidget* parent = nullptr);

    TabHeading heading() const override;
    QWidget* controls() override { return m_controls; }
    void refresh() override;
    bool ready() const override;
    std::vector<FigureOffer> figures() override;
    bool showCell(const QString& cell) override;
    bool escape() override;
    bool showsWeights() const override { return m_absence.isEmpty(); }
    QJsonObject notes() const override;
    void takeNotes(const QJsonObject& notes) override;

    /// Why there is nothing to show; empty: there is.
    const QString& absence() const { return m_absence; }
    CodeHistory& history() { return m_history; }
    CodeStudy& study() { return m_study; }
    CourseView& course() const { return *m_course; }
    SlotsView& slotsView() const { return *m_slots; }

private:
    /// A table in its frame, with a sentence below.
    struct TablePart {
        PanelFrame* panel;
        TrainingTable* table;
        WrappedText* sentence;
    };
    TablePart makeTable(const char* id, const QString& title, const std::vector<TrainingColumn>& form);
    void makeControls();
    void makeTables();
    void connectParts();
    void applyMeasures();
    void showAbsence(const NoCode& none);
    void showCourse();
    void showTables();
    void showSlots();
    void showStatus();
    template <class T, class Rows, class Sentence>
    void fill(const TablePart& part, const FoundAtStep<T>& found, Rows rows, Sentence sentence);
    QString waiting() const;
    QString stepWords(std::int64_t step) const;
    FigureSubject subject() const;

    QString m_absence;
    CodeHistory m_history;
    CodeStudy m_study{CodeStudy::Parts::all};
    QWidget* m_controls;
    ElidedLabel* m_status;
    Button* m_again;
    EmptyState* m_none;
    QWidget* m_content;
    QGridLayout* m_grid;
    CourseView* m_course;
    SlotsView* m_slots;
    TablePart m_symbols, m_flips, m_lengths, m_order;
};

}  // namespace lab
