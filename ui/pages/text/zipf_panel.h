#pragma once

#include <memory>

#include "ui/runs/corpus_draft.h"
#include "ui/widgets/panel.h"

namespace lab {

class HoverCard;
class Plot;

/// How often each word occurs, the commonest first, on two logarithmic axes, beside what Zipf's law says: one in the rank.
class ZipfPanel : public PanelFrame {
    Q_OBJECT

public:
    explicit ZipfPanel(QWidget* parent = nullptr);

    void setView(std::shared_ptr<const CorpusView> view);
    Plot& plot() const { return *m_plot; }
    /// The word that the crosshair is on; its rank, from 0.
    std::optional<std::size_t> pointed() const;

signals:
    /// It was clicked, or Enter pressed on it.
    void wordChosen(const QString& word);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void showCard();
    void chooseWord();

    std::shared_ptr<const CorpusView> m_view;
    Plot* m_plot;
    HoverCard* m_card;
};

/// The ranks that are drawn of so many, from 0: all at first, then ever fewer, as a logarithmic axis shows them.
std::vector<std::size_t> drawnRanks(std::size_t count);

}  // namespace lab
