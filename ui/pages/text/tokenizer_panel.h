#pragma once

#include "core/data/tokenizers/pipeline/token_face.h"
#include "ui/runs/token_bench.h"
#include "ui/scenes/parts_figure.h"
#include "ui/widgets/export_panel.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/token_chips.h"

class QComboBox;
class QScrollArea;
class QSpinBox;

namespace lab {

class ColorScaleBar;
class HoverCard;

/// A text as one tokenizer cuts it, which can be chosen: its chips, how many they are, what they cost.
class TokenizerPanel : public PanelFrame {
    Q_OBJECT

public:
    /// `name` "a" or "b": of its controls.
    TokenizerPanel(const QString& name, QWidget* parent = nullptr);

    /// In the list of sources when it is not empty: the tokenizer of the run.
    void offerOwn(const QString& runName);
    /// Without a signal.
    void setSource(const TokenizerSource& source, bool own);

    /// `text` UTF-8; `busy`: another tokenizer is on its way.
    void showText(const StudiedPtr& known, const std::string& text, bool busy, const QString& problem);
    void setColouring(TokenChips::Colouring colouring);
    TokenChips& chips() const { return *m_chips; }
    const std::vector<ShownToken>& tokens() const { return m_tokens; }
    const StudiedPtr& known() const { return m_known; }
    QComboBox& sources() const { return *m_sources; }
    QSpinBox& pieces() const { return *m_pieces; }
    /// "BPE".
    QString sourceName() const;
    /// `counted`: in what.
    std::optional<FigureOffer> figure(const FigureSubject& subject, const QString& counted) const;

signals:
    void sourceChosen(const lab::TokenizerSource& source, bool own);
    /// A token was clicked; index into tokens().
    void tokenChosen(int index);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void choose(int entry);
    void chooseFile();
    void applyMeasures();
    void makeChips(const std::string& text);
    void describe(bool busy, const QString& problem, const std::string& text);
    void showCard(int index);

    QString m_name;
    QString m_said;  ///< of the tokens, in the title bar
    StudiedPtr m_known;
    std::string m_text;
    std::vector<ShownToken> m_tokens;
    TokenizerSource m_source;
    bool m_own = false;
    QComboBox* m_sources;
    QSpinBox* m_pieces;
    QScrollArea* m_area;
    TokenChips* m_chips;
    ColorScaleBar* m_scale;
    HoverCard* m_card;
};

}  // namespace lab
