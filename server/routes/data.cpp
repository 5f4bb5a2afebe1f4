// Texts, pairs and tokenizers that experiments learn from.

#include "core/base/files.h"
#include "core/data/corpus_manifest.h"
#include "core/data/tokenizers/pipeline/bpe_trainer.h"
#include "core/data/tokenizers/pipeline/text_pipeline.h"
#include "core/text/text_files.h"
#include "core/text/text_statistics.h"
#include "server/routes/file_response.h"
#include "server/routes/tables.h"
#include "server/service/service.h"

namespace lab::server {
namespace {

constexpr std::size_t mostUploaded = std::size_t{64} << 20;
constexpr std::size_t mostText = std::size_t{1} << 20;
constexpr const char* tokenizerEnding = ".json";

Json jsonOf(const DataShelf::Item& item) {
    return {{"file", item.file}, {"bytes", item.bytes}};
}

bool isTokenizer(const std::string& file) {
    return file.ends_with(tokenizerEnding);
}

Response listItems(Call& call, bool tokenizers) {
    Json all = Json::array();
    for (const DataShelf::Item& item : call.service.data.all())
        if (isTokenizer(item.file) == tokenizers) all.push_back(jsonOf(item));
    return jsonResponse({{tokenizers ? "tokenizers" : "datasets", all}});
}
Response datasets(Call& call) {
    return listItems(call, false);
}
Response tokenizers(Call& call) {
    return listItems(call, true);
}

/// Counted and cleaned as a task of kind text would.
Json report(const DataShelf& shelf, const std::string& file) {
    const CorpusSettings settings;
    const std::vector<RawText> texts = readTexts(file, shelf.folder());
    const Corpus corpus = makeCorpus(texts, settings);
    return Json::parse(corpusReportJson(corpus, settings, textStatistics(corpus)));
}

Response upload(Call& call) {
    const bool pairs = call.query.text("kind") == "pairs";
    const DataShelf::Item item = call.service.data.add(call.query.text("name"), pairs ? ".tsv" : ".txt", readFile(call.request.spooled));
    Json json = jsonOf(item);
    if (!pairs) json["report"] = report(call.service.data, item.file);
    Response response = jsonResponse(json, 201);
    response.headers.emplace_back("Location", "/api/v1/datasets/" + item.file);
    return response;
}

Response dataset(Call& call) {
    const std::string& file = call.request.place("dataset");
    Json json = jsonOf({file, std::filesystem::file_size(call.service.data.fileOf(file))});
    if (file.ends_with(".txt")) json["report"] = report(call.service.data, file);
    return jsonResponse(json);
}

Response content(Call& call) {
    const std::string& name = call.request.place("dataset");
    const std::filesystem::path file = call.service.data.fileOf(name);
    const std::string tag = name + "-" + std::to_string(std::filesystem::file_size(file));
    return keptFileResponse(call.request, file, call.service.spoolFile(".data"), "application/octet-stream", tag);
}

Response removeDataset(Call& call) {
    call.service.data.remove(call.request.place("dataset"));
    return emptyResponse();
}

Response trainTokenizer(Call& call) {
    const BpeSettings settings{static_cast<int>(call.body.integer("pieces")), call.body.at("special").get<std::vector<std::string>>()};
    BpeTrainer trainer;
    trainer.read(readFile(call.service.data.fileOf(call.body.text("dataset"))));
    const auto trained = trainer.train(settings, [](int) { return true; });
    const DataShelf::Item item = call.service.data.add(call.body.text("name"), tokenizerEnding, trained->json(settings));
    Json json = jsonOf(item);
    json["pieces"] = trained->pieces.size();
    return jsonResponse(json, 201);
}

TextPipeline pipelineOf(const Call& call) {
    const std::string& file = call.request.place("tokenizer");
    if (!isTokenizer(file)) throw Refusal(404, Message(LAB_TEXT("server", "there is no tokenizer %1")).arg(file));
    return {readFile(call.service.data.fileOf(file)), file};
}

Response encodeText(Call& call) {
    const TextPipeline pipeline = pipelineOf(call);
    Json tokens = Json::array();
    for (const TextToken& token : pipeline.encode(call.body.text("text")))
        tokens.push_back({{"id", token.id}, {"piece", pipeline.piece(token.id)}, {"begin", token.span.begin}, {"end", token.span.end}});
    return jsonResponse({{"tokens", tokens}});
}

Response decodeTokens(Call& call) {
    const TextPipeline pipeline = pipelineOf(call);
    std::vector<int> ids;
    for (const auto id : call.body.at("tokens").get<std::vector<std::int64_t>>()) {
        if (id < 0 || id >= pipeline.size())
            throw Refusal(422, Message(LAB_TEXT("server", "tokens: %1 is none of the %2")).arg(id).arg(pipeline.size()),
                          {{"/tokens/" + std::to_string(ids.size()), "unknown token"}});
        ids.push_back(static_cast<int>(id));
    }
    return jsonResponse({{"text", pipeline.decode(ids)}});
}

}  // namespace

std::vector<Route> dataRoutes() {
    return {
        {.name = "datasets",
         .method = "GET",
         .path = "/api/v1/datasets",
         .summary = LAB_TEXT("server", "Texts and pairs that were uploaded."),
         .handle = datasets},
        {.name = "datasets.upload",
         .method = "POST",
         .path = "/api/v1/datasets",
         .summary =
             LAB_TEXT("server", "Takes a text, or pairs of sequences, as the body of the request; each content is a version of its own."),
         .handle = upload,
         .query = {{.name = "name", .help = LAB_TEXT("server", "letters, digits, - and _"), .limits = {1, 64}, .required = true},
                   {.name = "kind", .choices = {"text", "pairs"}, .standard = "text"}},
         .body = Route::Body::file,
         .mostBytes = mostUploaded,
         .answers = {{201, "application/json", "kept on the disk"}},
         .slow = true},
        {.name = "datasets.get",
         .method = "GET",
         .path = "/api/v1/datasets/{dataset}",
         .summary = LAB_TEXT("server", "What a data set holds, and what cleaning makes of a text."),
         .handle = dataset,
         .slow = true},
        {.name = "datasets.content",
         .method = "GET",
         .path = "/api/v1/datasets/{dataset}/content",
         .summary = LAB_TEXT("server", "The bytes of a data set or a tokenizer."),
         .handle = content,
         .answers = {{200, "application/octet-stream", "all of it"}, {206, "application/octet-stream", "a part"}},
         .slow = true},
        {.name = "datasets.delete",
         .method = "DELETE",
         .path = "/api/v1/datasets/{dataset}",
         .summary = LAB_TEXT("server", "Forgets a data set or a tokenizer; runs that learned from it keep what they need."),
         .handle = removeDataset,
         .answers = {{204, {}, "gone"}}},
        {.name = "tokenizers",
         .method = "GET",
         .path = "/api/v1/tokenizers",
         .summary = LAB_TEXT("server", "Tokenizers that were learned here."),
         .handle = tokenizers},
        {.name = "tokenizers.train",
         .method = "POST",
         .path = "/api/v1/tokenizers",
         .summary = LAB_TEXT("server", "Learns the pieces of a text by byte-pair encoding."),
         .handle = trainTokenizer,
         .body = Route::Body::json,
         .keys = {{.name = "name", .limits = {1, 64}, .required = true},
                  {.name = "dataset", .help = LAB_TEXT("server", "the file of an uploaded text"), .required = true},
                  {.name = "pieces", .kind = Parameter::Kind::integer, .limits = {257, 65536}, .standard = 1024},
                  {.name = "special", .kind = Parameter::Kind::texts, .limits = {0, 64}, .standard = Json::array()}},
         .answers = {{201, "application/json", "kept on the disk"}},
         .slow = true},
        {.name = "tokenizers.encode",
         .method = "POST",
         .path = "/api/v1/tokenizers/{tokenizer}:encode",
         .summary = LAB_TEXT("server", "Cuts a text into tokens."),
         .handle = encodeText,
         .body = Route::Body::json,
         .keys = {{.name = "text", .limits = {0, mostText}, .required = true}},
         .slow = true},
        {.name = "tokenizers.decode",
         .method = "POST",
         .path = "/api/v1/tokenizers/{tokenizer}:decode",
         .summary = LAB_TEXT("server", "The text of tokens."),
         .handle = decodeTokens,
         .body = Route::Body::json,
         .keys = {{.name = "tokens", .kind = Parameter::Kind::tokens, .limits = {0, mostAtOnce}, .required = true}},
         .slow = true},
    };
}

}  // namespace lab::server
