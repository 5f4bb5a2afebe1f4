#pragma once

#include <QWidget>
#include <optional>
#include <vector>

#include "core/data/tokenizers/pipeline/merge_tree.h"
#include "ui/scenes/parts_figure.h"
#include "ui/widgets/text_chip.h"

namespace lab {

/// What is drawn of a word's tree.
struct TreePicture {
    QString word;  ///< for titles and screen readers
    MergeTree tree;
    std::vector<TextChip> chips;      ///< by node
    std::vector<QString> codes;       ///< by leaf: "67"
    std::vector<std::int64_t> times;  ///< by node: how often its merge was done in the corpus
    int merges = 0;                   ///< known: the others come later
    QString empty;                    ///< instead of a tree without leaves
};

/// How a word is built, its bytes at the foot: blue what the known merges have built, dashed what comes later.
class MergeTreeView : public QWidget {
    Q_OBJECT

public:
    explicit MergeTreeView(QWidget* parent = nullptr);

    void setPicture(TreePicture picture);
    const TreePicture& picture() const { return m_picture; }
    /// `counted`: in what.
    std::optional<FigureOffer> figure(const FigureSubject& subject, const QString& counted) const;

    QSize sizeHint() const override { return minimumSizeHint(); }
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    TreePicture m_picture;
};

}  // namespace lab
