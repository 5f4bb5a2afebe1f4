#pragma once

#include "ui/widgets/themed_label.h"

namespace lab {

/// A token where others stand beside it: shortened where it is wider than a dozen letters or so.
QString elidedWord(const QFont& font, const QString& word);
/// A wider word's room, in px.
int longestWord();

/// A line of plain text that gives way: shortened where there is less room than it needs, whole in the tool tip then.
class ElidedLabel : public ThemedLabel {
    Q_OBJECT

public:
    using ThemedLabel::ThemedLabel;

    QSize minimumSizeHint() const override;

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
};

}  // namespace lab
