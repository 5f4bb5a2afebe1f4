#pragma once

#include <QWidget>
#include <memory>
#include <optional>

#include "ui/runs/corpus_draft.h"
#include "ui/widgets/export_panel.h"

class QLineEdit;
class QTimer;

namespace lab {

class ChangeView;
class DocumentTable;
class PanelFrame;
class SegmentedControl;
struct FigureSubject;

/// The documents of a text as a table, and the chosen one: what cleaning changed in it, clean, or raw.
class CorpusDocuments : public QWidget {
    Q_OBJECT

public:
    explicit CorpusDocuments(QWidget* parent = nullptr);

    /// The chosen document stays chosen where there is one of its number.
    void setView(std::shared_ptr<const CorpusView> view);
    std::optional<std::size_t> chosen() const { return m_chosen; }
    void choose(std::size_t document);
    /// Only documents that hold these characters are listed; a word is marked in the chosen one.
    void find(const QString& words);
    /// The next place that a rule changed, in this document or a later one, round to the first; false: there is none within some hundreds
    /// of documents. Negative: any rule.
    bool goToNextPlace(int rule);
    ChangeView& change() const { return *m_change; }
    std::vector<FigureOffer> figures(const FigureSubject& subject) const;

signals:
    void documentChosen(std::size_t document);

private:
    QWidget* makeList();
    QWidget* makeDocument();
    void applyMeasures();
    void listDocuments();
    void showDocument();
    bool findNextPlace(int rule);
    std::string textOf(std::size_t document) const;

    std::shared_ptr<const CorpusView> m_view;
    std::optional<std::size_t> m_chosen;
    PanelFrame *m_list, *m_document;
    DocumentTable* m_table;
    QLineEdit* m_find;
    QTimer* m_findSoon;
    SegmentedControl* m_how;
    ChangeView* m_change;
};

}  // namespace lab
