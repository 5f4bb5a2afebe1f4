#pragma once

#include "core/data/tokenizers/tokenizer.h"
#include "core/writing/text_writer.h"
#include "ui/widgets/table/data_table.h"

namespace lab {

/// What a token might have been: probability as the model has it (grey), behind temperature and cuts (blue); what was cut is hatched and
/// says by which rule. The last row sums up the rest, and opens it; with all shown it folds them again. A click or Enter has another one
/// written instead.
class CandidateTable : public DataTable {
    Q_OBJECT

public:
    explicit CandidateTable(QWidget* parent = nullptr);

    /// Null: nothing is chosen.
    void setToken(const WrittenToken* token, std::shared_ptr<const Tokenizer> tokenizer, int classes);
    const std::vector<Candidate>& candidates() const { return m_token.candidates; }

signals:
    void candidatePicked(int token);
    /// All tokens of the vocabulary are wanted, or the likeliest alone again.
    void allWanted(bool all);

protected:
    void arrangeColumns() override;

private:
    bool isRest(std::size_t row) const { return row >= m_token.candidates.size(); }
    bool showsAll() const { return static_cast<int>(m_token.candidates.size()) >= m_classes; }
    bool isFold(std::size_t row) const { return isRest(row) && showsAll(); }
    /// The rest as one candidate: their sums, and the rule that cut the most of it.
    Candidate at(std::size_t row) const;
    QString words(std::size_t row) const;
    void nameColumns();
    void pick(std::size_t row);
    void paintToken(QPainter& painter, const QRectF& room, std::size_t row) const;
    void paintBars(QPainter& painter, const QRectF& room, std::size_t row) const;

    WrittenToken m_token;
    std::shared_ptr<const Tokenizer> m_tokenizer;
    int m_classes = 0;
    Candidate m_rest;
};

/// "top-k" of the rule that cut; empty: none did.
QString ruleName(const SamplingRule* rule);

}  // namespace lab
