#pragma once

#include "ui/pages/text/text_tab.h"
#include "ui/runs/corpus_draft.h"

class QHBoxLayout;
class QStackedLayout;
class QVBoxLayout;

namespace lab {

class Button;
class CleaningTable;
class CorpusCounts;
class CorpusDocuments;
class EmptyState;
class ErrorStrip;
class NoticeStrip;
class Dataset;
class PanelFrame;
class SegmentedControl;
class ZipfPanel;
struct FigureSubject;

/// The documents that the run is trained on, or those of an opened text: what cleaning did, what is in them, how they are parted. Rules
/// that are changed here are a draft until a new run uses them.
class CorpusTab : public PageTab {
    Q_OBJECT

public:
    explicit CorpusTab(Focus& focus, QWidget* parent = nullptr);

    TabHeading heading() const override;
    QWidget* controls() override { return m_controls; }
    void refresh() override;
    bool ready() const override { return !m_draft.busy(); }
    std::vector<FigureOffer> figures() override;
    bool escape() override;

    CorpusDraft& draft() { return m_draft; }
    /// As the buttons do, without asking which.
    void open(const QStringList& paths);
    void add(const QStringList& paths);
    void paste(const QString& text);

private:
    void makeControls();
    QWidget* makeDesk();
    QWidget* makeRules();
    void applyMeasures();
    void askForFiles();
    void askForText();
    void use();
    void showDraft();
    void showProblem();
    void followRun();
    void nextPlace();
    FigureSubject subject() const;
    QString name() const;

    CorpusDraft m_draft;
    std::shared_ptr<const CorpusView> m_shown;
    std::shared_ptr<const Dataset> m_trainedOn;  ///< of the run whose text was shown last
    QWidget* m_controls;
    Button *m_add, *m_paste, *m_use;
    QVBoxLayout* m_column;
    ErrorStrip* m_problem;
    NoticeStrip *m_progress, *m_note;
    EmptyState* m_absence;
    QWidget* m_desk;
    QHBoxLayout* m_columns;
    QVBoxLayout* m_middle;
    CorpusDocuments* m_documents;
    ZipfPanel* m_zipf;
    PanelFrame* m_rulePanel;
    CleaningTable* m_rules;
    SegmentedControl* m_cut;
    CorpusCounts* m_counts;
};

}  // namespace lab
