# Record the calls with VCR for Ruby: ruby record_ruby.rb FOLDER BASE SCRIPT
require 'json'
require 'net/http'
require 'vcr'

folder, base, script = ARGV
script = JSON.parse(script)

def call(base, script)
  script['calls'].each do |method, path|
    uri = URI(base + path)
    request = Net::HTTP.const_get(method.capitalize).new(uri, script['headers'])
    request.body = script['body'] if method == 'POST'
    Net::HTTP.start(uri.host, uri.port) { |http| http.request(request) }
  end
end

VCR.configure do |config|
  config.cassette_library_dir = folder
  config.hook_into :webmock
end

VCR.use_cassette('usual', record: :all) { call(base, script) }
VCR.use_cassette('exact', record: :all, preserve_exact_body_bytes: true) { call(base, script) }
VCR.use_cassette('packed', record: :all, serialize_with: :compressed) { call(base, script) }
VCR.use_cassette('json', record: :all, serialize_with: :json, preserve_exact_body_bytes: true) do
  call(base, script)
end
