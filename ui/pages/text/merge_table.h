#pragma once

#include "core/data/tokenizers/pipeline/token_face.h"
#include "ui/pages/text/merge_strip.h"
#include "ui/runs/token_bench.h"
#include "ui/widgets/table/data_table.h"

namespace lab {

class Bpe;

/// The merges of a tokenizer in the order in which they were learned: what is joined, what it makes, how often.
class MergeTable : public DataTable {
    Q_OBJECT

public:
    explicit MergeTable(QWidget* parent = nullptr);

    /// Null, or without merges: empty.
    void setTokenizer(const StudiedPtr& known);
    /// The last of the known ones.
    void setMerges(int merges);
    /// Merge number `merge`, from 1.
    MergeSaid said(int merge) const;

signals:
    void mergesChosen(int merges);

protected:
    void arrangeColumns() override;

private:
    const Bpe* bpe() const;
    int pieceOf(std::size_t row, int side) const;
    TextChip chip(int id) const;
    void nameColumns();
    void paintPair(QPainter& painter, const QRectF& room, std::size_t row) const;
    void paintMade(QPainter& painter, const QRectF& room, std::size_t row) const;

    StudiedPtr m_known;
};

}  // namespace lab
