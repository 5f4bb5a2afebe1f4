#pragma once

#include <QPointer>
#include <array>
#include <memory>

#include "ui/pages/text/text_tab.h"
#include "ui/runs/token_bench.h"

class QHBoxLayout;
class QLineEdit;

namespace lab {

class Button;
class MergeStrip;
class MergeTable;
class MergeTreeView;
class PanelFrame;
class Plot;
class SegmentedControl;
class TokenizerPanel;
class ThemedLabel;

/// How a text is cut into tokens, by two tokenizers beside each other; and for one of byte-pair encoding how a word is built merge by
/// merge, and what merging buys. What tokens cost is counted in a corpus: that of the run, a text that was opened, at first
/// what the program answers to questions; without any, the text itself.
class TokensTab : public PageTab {
    Q_OBJECT

public:
    explicit TokensTab(Focus& focus, QWidget* parent = nullptr);
    ~TokensTab() override;

    TabHeading heading() const override;
    QWidget* controls() override { return m_controls; }
    void refresh() override;
    bool ready() const override { return !m_bench.busy(); }
    std::vector<FigureOffer> figures() override;
    /// The text itself.
    bool showCell(const QString& cell) override;
    QJsonObject notes() const override;
    void takeNotes(const QJsonObject& notes) override;

    /// What is counted; null: the text itself.
    void setCorpus(std::shared_ptr<const std::string> text, const QString& name);
    /// The tokenizer.json of the run shown; empty: it has none.
    void setOwnTokenizer(const std::string& json);

    QLineEdit& text() const { return *m_text; }
    TokenizerPanel& panel(int side) const { return *m_panels[static_cast<std::size_t>(side)]; }
    MergeStrip& strip() const { return *m_strip; }
    MergeTreeView& tree() const { return *m_tree; }
    MergeTable& table() const { return *m_table; }
    Plot& curve() const { return *m_curve; }
    TokenBench& bench() { return m_bench; }
    /// Shows how many merges are known; clamped.
    void showMerges(int merges);
    int merges() const { return m_merges; }

private:
    QWidget* makeControls();
    QHBoxLayout* makeTextRow();
    QHBoxLayout* makePanels();
    QHBoxLayout* makeLower();
    void connectParts();
    void applyMeasures();
    void takeRun();
    void takeText();
    void takeWish(int side, const TokenizerSource& source, bool own);
    void chooseSource(int side, const TokenizerSource& source, bool own);
    void takeTokenizer(int side);
    void showPanel(int side);
    void chooseActive(int side);
    void chooseWord(int index);
    std::string wordAt(std::size_t index) const;
    void findWord();
    void showLower();
    QString withoutMerges() const;
    void showTree();
    void showCurve();
    void showStrip();
    void openText();
    void nextPassage();
    void typeInput();
    void train();
    int lastMerge() const;
    QString firstPlace();

    TokenBench m_bench;
    std::shared_ptr<const std::string> m_corpus;
    QString m_corpusName;
    std::string m_ownJson;  ///< tokenizer.json of the run
    QPointer<Run> m_run;
    bool m_ofRun = false;       ///< the corpus is that of the run
    bool m_begun = false;       ///< the first text has been taken
    std::size_t m_passage = 0;  ///< byte of the corpus at which the next passage begins
    int m_active = 1;           ///< side whose merges are shown
    int m_merges = -1;          ///< known of it; negative: all
    StudiedPtr m_shown;         ///< what the lower part is of
    std::string m_word;
    std::pair<std::string, const std::string*> m_placed{};  ///< the word and the corpus of m_place
    std::size_t m_place = 0;                                ///< byte at which it stands there at first
    QWidget* m_controls;
    SegmentedControl* m_colour;
    Button *m_fromCorpus, *m_fromInput;
    QLineEdit* m_text;
    std::array<TokenizerPanel*, TokenBench::sides> m_panels{};
    std::array<bool, TokenBench::sides> m_own{};
    MergeStrip* m_strip;
    PanelFrame *m_treePanel, *m_curvePanel, *m_tablePanel;
    MergeTreeView* m_tree;
    Plot* m_curve;
    MergeTable* m_table;
    std::vector<QHBoxLayout*> m_rows;
};

}  // namespace lab
